import { screen } from "@testing-library/react";
import { expect, it } from "vitest";

import { answering, show } from "src/test/render";
import { DashboardCard } from "./DashboardCard";

const health = (dags: ReadonlyArray<unknown>) => ({ dags, groups: [{ dags: 1, name: "deployment", score: 88.4, worst_dag: "orders" }] });

it("leads from each number to where it comes from", async () => {
  answering({ "/alerts": { alerts: [], total: 3 }, "/health": health([{ dag_id: "orders", score: 41 }]) });
  show(<DashboardCard />);
  expect((await screen.findByRole("link", { name: "41" })).getAttribute("href")).toBe("/dags/orders/plugin/wfintel_dag");
  expect((await screen.findByRole("link", { name: "3" })).getAttribute("href")).toBe("/plugin/wfintel/monitor");
  expect(screen.getByText("88")).toBeTruthy();
});

it("says so where no run was collected yet, in place of dashes", async () => {
  answering({ "/alerts": { alerts: [], total: 0 }, "/health": { dags: [], groups: [] } });
  show(<DashboardCard />);
  expect(await screen.findByText("No run was collected yet")).toBeTruthy();
});
