import type { Edit } from "src/api/hooks";
import { type Argument, literalOf, operatorName, type SpecTask } from "src/views/generateSpec";
import { strings } from "src/ui/strings";

const texts = strings.form;

const sameThing = (one: Edit, other: Edit) =>
  one.what === other.what && (one.task_id ?? "") === (other.task_id ?? "") && (one.name ?? "") === (other.name ?? "");

/** The edits with one more; what was set before for the same thing is replaced. */
export const withEdit = (edits: ReadonlyArray<Edit>, edit: Edit): ReadonlyArray<Edit> => [
  ...edits.filter((item) => !sameThing(item, edit)),
  edit,
];

/** The edits with another operator for a task. What was set for the one before goes with it: each has its own arguments. */
export const withOperator = (edits: ReadonlyArray<Edit>, taskId: string, path: string): ReadonlyArray<Edit> => {
  const others = edits.filter((item) => item.task_id !== taskId || !["argument", "operator"].includes(item.what));

  return path === "" ? others : [...others, { name: "", task_id: taskId, value: path, what: "operator" }];
};

export const titleOf = (edit: Edit): string => {
  const what =
    edit.what === "argument"
      ? (edit.name ?? "")
      : {
          operator: texts.operator,
          retries: texts.retries,
          retry_delay: texts.delay,
          schedule: texts.schedule,
        }[edit.what];
  const place = edit.task_id ? texts.argument(what, edit.task_id) : what;
  const value = edit.what === "operator" ? operatorName(String(edit.value)) : JSON.stringify(edit.value);

  return `${place} = ${value}`;
};

/** The edits that an address holds; none if it is no list of them. */
export const readEdits = (text: string | null): ReadonlyArray<Edit> => {
  try {
    const found: unknown = JSON.parse(text ?? "[]");

    return Array.isArray(found) ? (found as ReadonlyArray<Edit>) : [];
  } catch {
    return [];
  }
};

/** Arguments that a form can set: constants, and parameters that stand in for a value that is missing. */
export const settable = (task: SpecTask): ReadonlyArray<Argument> =>
  (task.arguments ?? []).filter((item) => {
    const value = literalOf(item);

    return item.value.is === "param" || (item.value.is === "literal" && (typeof value !== "object" || value === null));
  });

/** What a person typed, as a value of the kind that the argument has; nothing if it is of another kind. */
export const typedValue = (argument: Argument, text: string): boolean | number | string | undefined => {
  const before = literalOf(argument);

  if (typeof before === "number") {
    return text.trim() === "" || Number.isNaN(Number(text)) ? undefined : Number(text);
  }
  if (typeof before === "boolean") {
    return text === "true" ? true : text === "false" ? false : undefined;
  }

  return text;
};
