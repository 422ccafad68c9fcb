import { describe, expect, it } from "vitest";

import { endOfLog, linesOf, readable } from "./airflow";

describe("an entry of a task log", () => {
  it("is one line with time and level", () => {
    expect(readable({ event: "asking", level: "info", timestamp: "2026-11-30T07:20:58Z" })).toBe(
      "2026-11-30T07:20:58Z INFO     asking",
    );
  });

  it("shows its exception with the cause first, as Python prints it", () => {
    const shown = readable({
      error_detail: [
        { exc_type: "URLError", exc_value: "<urlopen error>", frames: [{ filename: "dag.py", lineno: 9, name: "fetch" }] },
        { exc_type: "ConnectionRefusedError", exc_value: "[Errno 111] Connection refused", frames: [], is_cause: true },
      ],
      event: "Task failed with exception",
      level: "error",
    });

    expect(shown.split("\n")).toEqual([
      "ERROR    Task failed with exception",
      "Traceback (most recent call last):",
      "ConnectionRefusedError: [Errno 111] Connection refused",
      "The above exception was the direct cause of the following exception:",
      "Traceback (most recent call last):",
      '  File "dag.py", line 9, in fetch',
      "URLError: <urlopen error>",
    ]);
  });
});

it("hands over the end of a long log, in whole lines", () => {
  expect(endOfLog(["first line", "second", "last"], 10)).toBe("last");
  expect(endOfLog(["first", { event: "last" }], 100)).toBe('first\n{"event":"last"}');
  expect(endOfLog(["one line that is longer than all that may be sent"], 4)).toBe("sent");
});

it("gives every line of an entry a number of its own", () => {
  expect(linesOf(["one", { event: "two\nthree" }])).toEqual(["one", "two", "three"]);
});
