import { createPatch } from "diff";
import { expect, it } from "vitest";

import { diffLines, patchLines, sideBySide } from "./lines";

const BEFORE = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", ""].join("\n");

it("shows what changed with its line numbers on both sides and folds the rest", () => {
  const lines = diffLines(BEFORE, BEFORE.replace("f\n", "F\nFF\n"));

  expect(lines.map((line) => [line.kind, line.text, line.oldNumber, line.newNumber]).slice(0, 8)).toEqual([
    ["fold", "@@ -3,7 +3,8 @@", undefined, undefined],
    ["kept", "c", 3, 3],
    ["kept", "d", 4, 4],
    ["kept", "e", 5, 5],
    ["removed", "f", 6, undefined],
    ["added", "F", undefined, 6],
    ["added", "FF", undefined, 7],
    ["kept", "g", 7, 8],
  ]);
});

it("puts a change beside what it replaces", () => {
  const pairs = sideBySide(diffLines(BEFORE, BEFORE.replace("f\n", "F\nFF\n")));

  expect(pairs.slice(4, 6).map((pair) => [pair.left?.text, pair.right?.text])).toEqual([
    ["f", "F"],
    [undefined, "FF"],
  ]);
});

it("reads a patch as it would have compared the texts", () => {
  const after = BEFORE.replace("f\n", "F\nFF\n");

  expect(patchLines(createPatch("x", BEFORE, after, undefined, undefined, { context: 3 }))).toEqual(diffLines(BEFORE, after));
});

it("has nothing to show for equal texts", () => {
  expect(diffLines(BEFORE, BEFORE)).toEqual([]);
});
