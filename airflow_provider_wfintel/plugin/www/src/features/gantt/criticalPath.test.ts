import { expect, it } from "vitest";

import { criticalPath, whereTimeWent } from "./criticalPath";

const TASKS = [
  { end: 10, id: "extract", start: 2, upstream: [] },
  { end: 12, id: "other", start: 2, upstream: [] },
  { end: 40, id: "load", start: 15, upstream: ["extract", "other", "skipped"] },
  { end: 20, id: "tell", start: 16, upstream: ["extract"] },
];

it("leads back from what ended last over what it waited for", () => {
  expect(criticalPath(TASKS)).toEqual(["other", "load"]);
});

it("tells work from waits along the path", () => {
  expect(whereTimeWent(TASKS)).toEqual({ waits: 5, work: 35 });
});

it("has no path where nothing ran", () => {
  expect(criticalPath([])).toEqual([]);
});
