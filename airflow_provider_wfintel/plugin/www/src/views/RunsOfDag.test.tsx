import { screen } from "@testing-library/react";
import { expect, it } from "vitest";

import { answering, show } from "src/test/render";
import { historyOf, RunsOfDag } from "./RunsOfDag";

const run = (id: string, start: string | null, end: string | null, state = "success") => ({
  dag_run_id: id,
  end_date: end,
  start_date: start,
  state,
});
const RUNS = [
  run("late", "2026-11-02T06:00:00Z", null, "running"),
  run("early", "2026-11-01T06:00:00Z", "2026-11-01T06:01:00Z"),
  run("queued", null, null, "queued"),
];
const odd = (id: string, mark = "") => ({ kind: "duration", mark, message: "took three times as long", run_id: id });

it("puts the runs in the order of time; one that still runs is as long as it has run", () => {
  const history = historyOf("d", RUNS, [odd("early")], Date.parse("2026-11-02T06:02:00Z"));

  expect(history.map(({ odd: what, runId, seconds }) => [runId, seconds, what])).toEqual([
    ["early", 60, "took three times as long"],
    ["late", 120, undefined],
  ]);
});

it("marks no run that a person called a false alarm", () => {
  expect(historyOf("d", RUNS, [odd("early", "false_alarm")], 0)[0]?.odd).toBeUndefined();
});

it("leads from each bar to where the time of the run went, and says what was not as usual", async () => {
  answering({ "/anomalies": { anomalies: [odd("early")], next_cursor: "" }, "/dagRuns": { dag_runs: RUNS } });
  show(<RunsOfDag dagId="d" />);
  const link = await screen.findByRole("link", { name: /success · 1m · took three times as long/u });

  expect(link.getAttribute("href")).toBe("/dags/d/runs/early/plugin/wfintel_run");
});

it("says so where nothing has run yet", async () => {
  answering({ "/anomalies": { anomalies: [], next_cursor: "" }, "/dagRuns": { dag_runs: [] } });
  show(<RunsOfDag dagId="d" />);
  expect(await screen.findByText("This DAG has not run yet")).toBeTruthy();
});
