import { fireEvent, screen } from "@testing-library/react";
import { expect, it, vi } from "vitest";

import { show } from "src/test/render";
import { HealthTable } from "./HealthTable";
import { RunningList } from "./RunningList";
import { ServiceList } from "./ServiceList";

type Page = Readonly<Record<string, unknown>>;

/** A server that answers with one page of a list after the other, by the cursor that it is asked with. */
const paging = (pages: Readonly<Record<string, Page>>) =>
  vi.spyOn(globalThis, "fetch").mockImplementation(async (address) => {
    const cursor = new URL(String(address), "http://airflow.test").searchParams.get("cursor") ?? "";

    return new Response(JSON.stringify(pages[cursor]), { status: 200 });
  });

const dag = (dag_id: string, score: number) => ({
  dag_id,
  enough_runs: true,
  failure_probability: 0.1,
  miss_probability: null,
  reasons: [],
  runs: 40,
  score,
});

it("shows the worst DAGs first, and the next page behind them when it is asked for", async () => {
  const rest = { calibrated_runs: 0, groups: [], reliability: [] };

  paging({
    "": { ...rest, dags: [dag("orders", 41)], next_cursor: "n2" },
    n2: { ...rest, dags: [dag("billing", 97)], next_cursor: "" },
  });
  show(<HealthTable />);
  fireEvent.click(await screen.findByRole("button", { name: "Show more" }));
  expect(await screen.findByText("billing")).toBeTruthy();
  expect(screen.getAllByRole("link").map((link) => link.textContent)).toEqual(["orders", "billing"]);
  expect(screen.queryByRole("button", { name: "Show more" })).toBeNull();
});

it("says of each service how it was when a worker looked, or that nobody has", async () => {
  const look = { checked_at: "2026-11-30T06:00:00Z", message: "password refused", state: "refused" };

  paging({
    "": {
      next_cursor: "",
      services: [
        { conn_id: "dwh", dag_ids: ["orders"], last: look, looks: 4, mean_latency_seconds: 0.2, ok: 3 },
        { conn_id: "lake", dag_ids: [], last: null, looks: 0, mean_latency_seconds: null, ok: 0 },
      ],
    },
  });
  show(<ServiceList />);
  expect(await screen.findByText("refused")).toBeTruthy();
  expect(screen.getByText("3 of 4 well, 0.2s to connect")).toBeTruthy();
  expect(screen.getByText("nobody has looked yet")).toBeTruthy();
});

const running = (dag_id: string, forecast: unknown) => ({ dag_id, deadline_seconds: 600, forecast, run_id: `manual__${dag_id}` });

it("lists the runs that go on with the odds of missing the deadline, and says where nothing can be said", async () => {
  const forecast = {
    blame: [{ seconds: 120, task_id: "load" }], due: "2026-11-30T06:00:00Z", elapsed: 400, enough_runs: true,
    miss_probability: 0.7, q10: 500, q50: 650, q90: 900, run_id: "manual__orders", runs: 40,
  };

  paging({ "": { running: [running("orders", forecast), running("new_dag", null)], total: 3 } });
  show(<RunningList />);
  const rows = (await screen.findAllByRole("row")).slice(1).map((row) => row.textContent);

  expect(rows[0]).toContain("70 %");
  expect(rows[0]).toContain("deadline 10m after it is due");
  expect(rows[0]).toContain("load costs 2m");
  expect(rows[1]).toContain("No forecast yet");
  expect(screen.getByText("2 of 3 runs, those most likely to be late")).toBeTruthy();
});

it("says that nothing runs", async () => {
  paging({ "": { running: [], total: 0 } });
  show(<RunningList />);
  expect(await screen.findByText("No run goes on now")).toBeTruthy();
});
