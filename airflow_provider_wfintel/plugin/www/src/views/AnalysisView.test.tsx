import { fireEvent, screen } from "@testing-library/react";
import { expect, it } from "vitest";

import type { Analysis } from "src/api/optimization";
import { answering, show } from "src/test/render";
import { AnalysisView, answerOf } from "./AnalysisView";
import { measured } from "./PlanResults";

const SOUND: Analysis = {
  bottlenecks: [],
  critical_path: ["extract", "load"],
  dag_id: "orders",
  dependencies: {},
  deployment_advice: [],
  history: { runs: 12 },
  left: [],
  optimization_id: "",
  pareto: [],
  patch: "",
  pools_to_create: [],
  predicted: { after: { p90_s: 100 }, before: { p90_s: 100 } },
  rewrites: [],
  run_time_changes: [],
  run_time_entry: {},
  schedules: { after: [], before: [] },
  slack_s: {},
  source_note: "",
  source_read: true,
  strategy: "performance",
  suggestions: [],
  summary: "",
  tasks: 2,
  to_confirm: [],
};

const BETTER: Analysis = {
  ...SOUND,
  optimization_id: "o1",
  predicted: { after: { p90_s: 80 }, before: { p90_s: 100 } },
  run_time_changes: [
    { evidence: ["load has 40 s of slack"], measure: "priorities", reason: "load decides", risk_note: "", title: "Weights" },
  ],
};

it("says plainly when there is nothing to gain", () => {
  show(<AnalysisView analysis={SOUND} />);
  expect(screen.getByText("Nothing to gain: the layout is sound as it is")).toBeTruthy();
  expect(screen.queryByRole("button", { name: "Accept the run-time values" })).toBeNull();
});

it("names the gain and accepts a plan by a click", async () => {
  expect(answerOf(BETTER)).toBe("Up to 20.0 % of a slow run (1m 40s) can be saved");
  const server = answering({
    "/optimization/apply": { dag_id: "orders", optimization_id: "o1", reverted: [], status: "applied", written: {} },
  });

  show(<AnalysisView analysis={BETTER} />);
  fireEvent.click(screen.getByRole("button", { name: "Accept the run-time values" }));
  expect(await screen.findByText(/^Accepted/u)).toBeTruthy();
  expect(JSON.parse(String(server.mock.calls[0]?.[1]?.body))).toEqual({
    action: "run_time",
    dag_id: "orders",
    optimization_id: "o1",
  });
});

it("gives a measured reduction with its interval, or says that there are too few runs", () => {
  expect(measured({ high: 0.3, low: 0.1, reduction: 0.2, runs_after: 9 })).toBe("20 % less (10 % to 30 %), 9 runs");
  expect(measured({ high: null, low: null, reduction: null, runs_after: 1 })).toBe("not enough runs (1)");
});

const task = (task_id: string, start: number, end: number, critical = false) => ({
  critical,
  end,
  ready: start,
  start,
  task_id,
  tries: 1,
});

it("shows the simulated run before and after on one axis, with the slots in use", () => {
  const before = [task("extract", 0, 40, true), task("load", 40, 100, true)];
  const after = [task("extract", 0, 40, true), task("load", 10, 80, true)];

  show(<AnalysisView analysis={{ ...BETTER, schedules: { after, before } }} />);
  expect(screen.getByText("1m 40s → 1m 20s (−20 %)")).toBeTruthy();
  // Of a chart without height no row is drawn here; the browser tests look at the bars.
  expect(screen.getByText("slots before, at most 1")).toBeTruthy();
  expect(screen.getByText("slots in use, at most 2")).toBeTruthy();
});

it("lets a person skip a rewrite and confirm what nobody can prove", () => {
  const said: Array<string> = [];

  show(
    <AnalysisView
      analysis={{
        ...BETTER,
        rewrites: [{ effort: "small", proof: "equal", reason: "slow", rewrite: "split-loop", risk: "low", title: "Split the loop" }],
        suggestions: [
          { confirm: "pool:erp", reason: "waits", rewrite: "widen-pool", risk_note: "", title: "Widen erp", why_not_applied: "unknown" },
          { confirm: "", reason: "hm", rewrite: "by-hand", risk_note: "", title: "By hand", why_not_applied: "nobody knows" },
        ],
        to_confirm: [{ evidence: [], measure: "timeouts", reason: "hangs", risk_note: "ends slow tries", title: "Time limits" }],
      }}
      onConfirm={(measure) => said.push(measure)}
      onSkip={(name) => said.push(name)}
    />,
  );
  expect(screen.getByText("effort: small")).toBeTruthy();
  fireEvent.click(screen.getByRole("button", { name: "Skip: Split the loop" }));
  fireEvent.click(screen.getByRole("button", { name: "I confirm: count it in" }));
  fireEvent.click(screen.getByRole("button", { name: "I confirm: change it: Widen erp" }));
  expect(screen.queryByRole("button", { name: /By hand/u })).toBeNull();
  expect(said).toEqual(["Split the loop", "timeouts", "pool:erp"]);
});
