import { useSearchParams } from "react-router-dom";

/** A choice that stands in the page's address, so that a link or a reload shows the same; the fallback leaves it out. */
export const useChoice = <Value extends string>(
  name: string,
  values: ReadonlyArray<Value>,
  fallback: Value,
): readonly [Value, (value: Value) => void] => {
  const [search, setSearch] = useSearchParams();
  const kept = search.get(name);

  return [
    values.find((value) => value === kept) ?? fallback,
    (value) =>
      setSearch(
        (before) => {
          const next = new URLSearchParams(before);

          if (value === fallback) {
            next.delete(name);
          } else {
            next.set(name, value);
          }

          return next;
        },
        { replace: true },
      ),
  ];
};
