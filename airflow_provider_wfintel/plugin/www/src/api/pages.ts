/** Lists that come in pages: each names the cursor of the next one. */
import { useInfiniteQuery } from "@tanstack/react-query";

import { ask } from "src/api/client";

type Listed = { readonly next_cursor?: string };
type Question = Readonly<Record<string, boolean | number | string | undefined>>;

/** What was asked for so far, as one answer, and how to get more of it.
 *
 * @param merged all pages as one: the newest first page with the items of the others behind its own
 */
export const usePages = <Page extends Listed>(
  name: string,
  path: `/api/${string}`,
  query: Question,
  merged: (pages: ReadonlyArray<Page>) => Page,
  refetchInterval?: number,
) => {
  const { fetchNextPage, hasNextPage, isFetchingNextPage, ...found } = useInfiniteQuery({
    getNextPageParam: (page: Page) => (page.next_cursor === "" ? undefined : page.next_cursor),
    initialPageParam: "",
    queryFn: ({ pageParam, signal }) => ask<Page>("GET", path, { query: { ...query, cursor: pageParam }, signal }),
    queryKey: [name, "pages", query],
    refetchInterval,
    select: (data) => merged(data.pages),
  });

  return { ...found, more: { isLoading: isFetchingNextPage, load: hasNextPage ? () => void fetchNextPage() : undefined } };
};

export type More = ReturnType<typeof usePages>["more"];

/** The first page with the items of all. */
export const joined = <Page extends Listed, Name extends keyof Page>(pages: ReadonlyArray<Page>, name: Name): Page => ({
  ...(pages[0] as Page),
  [name]: pages.flatMap((page) => page[name] as ReadonlyArray<unknown>),
});
