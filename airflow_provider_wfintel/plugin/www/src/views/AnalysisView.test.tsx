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
  history: { runs: 12 },
  left: [],
  optimization_id: "",
  pareto: [],
  patch: "",
  predicted: { after: { p90_s: 100 }, before: { p90_s: 100 } },
  rewrites: [],
  run_time_changes: [],
  run_time_entry: {},
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
