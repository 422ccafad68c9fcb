import { expect, it } from "vitest";

import { evidenceLines } from "./evidence";

const LOG = ["[2026-11-30] INFO starting", "ERROR could not connect to server: Connection refused", "done"];

it("finds the lines that are quoted, in the order of the log", () => {
  expect(evidenceLines(LOG, ["done", "could not connect to server: Connection refused"])).toEqual([1, 2]);
});

it("finds a quote of which the end was masked", () => {
  expect(evidenceLines(LOG, ["could not connect to server: *** ***"])).toEqual([1]);
});

it("points nowhere if the quote is not in the log", () => {
  expect(evidenceLines(LOG, ["disk quota exceeded on volume"])).toEqual([]);
});
