import { screen } from "@testing-library/react";
import { expect, it } from "vitest";

import { answering, show } from "src/test/render";
import { Overview } from "./Overview";

const installation = { airflow_version: "3.3.2", services: 754, status: "ok", version: "0.1.0" };
const total = { failed_runs: 1, retries: 3, runs: 1315, slot_seconds: 60, tries: 4779 };
const series = [
  { failed_runs: 1, runs: 4, start: "2026-11-23T00:00:00Z" },
  { failed_runs: 0, runs: 5, start: "2026-11-30T00:00:00Z" },
];
const health = (dags: ReadonlyArray<unknown>) => ({ dags, groups: [{ dags: 2, name: "deployment", score: 91, worst_dag: "orders" }] });

it("says first what is wrong and where, then shows figures with their units and days", async () => {
  answering({
    "/api/health": installation,
    "monitoring/alerts": { alerts: [], total: 2 },
    "monitoring/health": health([{ dag_id: "orders", score: 41 }]),
    "monitoring/metrics": { series, total },
  });
  show(<Overview />);
  expect(await screen.findByText("2 alerts need a look; the least healthy DAG is orders")).toBeTruthy();
  expect(await screen.findByText("of 100; 2 DAGs, lowest: orders")).toBeTruthy();
  expect(await screen.findByText("1,315")).toBeTruthy();
  expect(screen.getByText(/^Mon,? 23 Nov$/u)).toBeTruthy();
});

it("says plainly that nothing is wrong, and keeps the place of what has no figure yet", async () => {
  answering({
    "/api/health": installation,
    "monitoring/alerts": { alerts: [], total: 0 },
    "monitoring/metrics": { series: [], total: { ...total, failed_runs: 0, runs: 0 } },
  });
  show(<Overview />);
  expect(await screen.findByText("Nothing is wrong now")).toBeTruthy();
  expect(await screen.findByText("Health of the deployment")).toBeTruthy();
});
