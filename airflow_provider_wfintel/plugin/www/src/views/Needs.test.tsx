import { screen } from "@testing-library/react";
import { expect, it } from "vitest";

import type { Body } from "src/api/client";
import { answering, show } from "src/test/render";
import { Needs } from "./Needs";

const conn = (id: string) => ({ name: "conn_id", value: { is: "literal", json: JSON.stringify(id) } });
const ANSWER = {
  requirements: ["apache-airflow-providers-slack", "apache-airflow-providers-sqlite", "pandas"],
  spec: {
    alerts: [{ connection_id: "alerts" }],
    dag_id: "d",
    tasks: [
      { arguments: [conn("shop"), { name: "sql", value: { is: "literal", json: '"SELECT 1"' } }], operator: { path: "task" }, task_id: "a" },
      { arguments: [conn("shop"), conn("lake")], operator: { path: "task" }, task_id: "b" },
    ],
  },
} as unknown as Body<"GenerationBody">;

it("says which connections and providers are not there and leads to Airflow's pages", async () => {
  answering({
    "/connections": { connections: [{ connection_id: "shop" }], total_entries: 1 },
    "/providers": { providers: [{ package_name: "apache-airflow-providers-sqlite" }], total_entries: 1 },
  });
  show(<Needs answer={ANSWER} />);
  expect(await screen.findAllByText("not there yet")).toHaveLength(2);
  expect(screen.getAllByRole("link", { name: "Create it in Airflow" })[0]?.getAttribute("href")).toBe("/connections");
  expect(await screen.findAllByText("not installed")).toHaveLength(1);
  expect(screen.getByText("pip install apache-airflow-providers-slack")).toBeTruthy();
});

it("says nothing about what the user may not see", async () => {
  answering({});
  show(<Needs answer={ANSWER} />);
  expect(await screen.findByText("lake")).toBeTruthy();
  expect(screen.queryByText("not there yet")).toBeNull();
});
