import { fireEvent, screen, waitFor } from "@testing-library/react";
import { expect, it } from "vitest";

import { answering, show } from "src/test/render";
import { AlertList } from "./AlertList";

const ALERT = {
  alert_id: "a1",
  dag_id: "orders",
  map_index: -1,
  message: "Connection refused",
  receivers: ["#data"],
  run_id: "r1",
  severity: "error",
  started_at: "2026-11-30T10:00:00Z",
  status: "firing",
  task_id: "load",
  title: "orders.load failed",
  told: true,
};

it("says when nothing is wrong", async () => {
  answering({ "/monitoring/alerts": { alerts: [], limit: 50, offset: 0, total: 0 } });
  show(<AlertList />);
  expect(await screen.findByText("Nothing is wrong now")).toBeTruthy();
});

it("leads to the task and sends what a person decides", async () => {
  const server = answering({
    "/a1/ack": { accepted: true, key: "k" },
    "/monitoring/alerts": { alerts: [ALERT], limit: 50, offset: 0, total: 1 },
  });

  show(<AlertList />);
  expect((await screen.findByText("orders.load failed")).closest("a")?.getAttribute("href")).toBe(
    "/dags/orders/runs/r1/tasks/load",
  );
  fireEvent.click(screen.getByRole("button", { name: "Acknowledge" }));
  expect(await screen.findByText(/Noted/u)).toBeTruthy();
  await waitFor(() => expect(server.mock.calls.some((call) => String(call[0]).endsWith("/a1/ack"))).toBe(true));
});
