import { expect, it } from "vitest";

import { readEdits, settable, titleOf, typedValue, withEdit, withOperator } from "./edits";

const argument = (name: string, value: unknown) => ({ name, value: { is: "literal", json: JSON.stringify(value) } });

it("keeps the last word about each thing", () => {
  const first = withEdit([], { name: "", task_id: "", value: 2, what: "retries" });
  const second = withEdit(first, { name: "", task_id: "load", value: 5, what: "retries" });

  expect(withEdit(second, { name: "", task_id: "", value: 3, what: "retries" }).map((edit) => edit.value)).toEqual([5, 3]);
  expect(titleOf(second[1]!)).toBe("Retries of load = 5");
});

it("offers what can be set by a constant", () => {
  const found = settable({
    arguments: [
      argument("sql", "SELECT 1"),
      argument("headers", { a: 1 }),
      { name: "bucket", value: { is: "param" } },
      { name: "rows", value: { is: "output" } },
    ],
    operator: { path: "task" },
    task_id: "a",
  });

  expect(found.map((item) => item.name)).toEqual(["sql", "bucket"]);
});

it("keeps the kind of a value", () => {
  expect(typedValue(argument("limit", 5), "7")).toBe(7);
  expect(typedValue(argument("limit", 5), "many")).toBeUndefined();
  expect(typedValue(argument("replace", true), "false")).toBe(false);
  expect(typedValue({ name: "key", value: { is: "param" } }, "5")).toBe("5");
});

it("reads an address that somebody has cut as no edits", () => {
  expect(readEdits('[{"what":')).toEqual([]);
  expect(readEdits(null)).toEqual([]);
});

it("lets go of the arguments of an operator that another one takes the place of, and of nothing else", () => {
  const before = [
    { name: "channel", task_id: "post", value: "#ops", what: "argument" as const },
    { name: "", task_id: "post", value: 3, what: "retries" as const },
    { name: "channel", task_id: "tell", value: "#ops", what: "argument" as const },
  ];
  const after = withOperator(before, "post", "a.b:FileOperator");

  expect(after.map(titleOf)).toEqual([
    "Retries of post = 3",
    'channel of tell = "#ops"',
    "Operator of post = FileOperator",
  ]);
  expect(withOperator(after, "post", "").map(titleOf)).toEqual(["Retries of post = 3", 'channel of tell = "#ops"']);
});
