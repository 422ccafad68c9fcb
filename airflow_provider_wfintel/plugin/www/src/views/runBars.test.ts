import { expect, it } from "vitest";

import { barsOf, ranOf } from "./runBars";

const task = (task_id: string, start: string | null, end: string | null, map_index = -1) => ({
  duration: null,
  end_date: end,
  map_index,
  queued_when: null,
  start_date: start,
  state: end === null ? "running" : "success",
  task_id,
  try_number: 1,
});

const PICTURE = {
  run: { end_date: null, start_date: "2026-11-30T10:00:00Z", state: "running" },
  tasks: [
    task("list", "2026-11-30T10:00:01Z", "2026-11-30T10:00:03Z"),
    task("load", "2026-11-30T10:00:04Z", "2026-11-30T10:00:09Z", 0),
    task("load", "2026-11-30T10:00:04Z", null, 1),
    task("tell", null, null),
  ],
  upstream: new Map([
    ["load", ["list"]],
    ["tell", ["load"]],
  ]),
};

it("shows each mapped task instance, and what still runs until now", () => {
  const bars = barsOf(ranOf(PICTURE, Date.parse("2026-11-30T10:00:20Z")));

  expect(bars.map((bar) => [bar.id, bar.start, bar.end, bar.critical])).toEqual([
    ["list", 1, 3, true],
    ["load [0]", 4, 9, false],
    ["load [1]", 4, 20, true],
  ]);
});
