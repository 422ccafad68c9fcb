import { expect, it } from "vitest";

import { rowsOf, slotSteps, ticks } from "./scale";

it("marks round times, not more than fit", () => {
  expect(ticks(60, 600)).toEqual([0, 10, 20, 30, 40, 50, 60]);
  expect(ticks(3 * 86_400, 300).length).toBeLessThanOrEqual(5);
});

it("shows a task once, also if only one side has it", () => {
  const rows = rowsOf(
    [
      { end: 10, id: "a", start: 0 },
      { end: 20, id: "gone", start: 10 },
    ],
    [
      { end: 9, id: "new", start: 2 },
      { end: 8, id: "a", start: 0 },
    ],
  );

  expect(rows.map((row) => [row.id, row.before !== undefined, row.after !== undefined])).toEqual([
    ["a", true, true],
    ["new", false, true],
    ["gone", true, false],
  ]);
});

it("counts the slots in use; an end and a start at the same moment do not add up", () => {
  expect(
    slotSteps([
      { end: 5, id: "a", start: 0 },
      { end: 9, id: "b", start: 5 },
      { end: 9, id: "c", start: 5 },
    ]),
  ).toEqual([
    [0, 1],
    [5, 2],
    [9, 0],
  ]);
});
