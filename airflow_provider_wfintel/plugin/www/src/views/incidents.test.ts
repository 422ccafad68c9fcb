import { expect, it } from "vitest";

import type { Alert } from "src/api/alerts";
import type { Session } from "src/api/sessions";
import { incidentsOf } from "./incidents";

const alert = (id: string, incident: string, follows: string, task: string, at: string) =>
  ({ alert_id: id, dag_id: "orders", follows_from: follows, incident, run_id: "r1", started_at: at, task_id: task }) as Alert;

const session = (task: string, run = "r1") =>
  ({ dag_id: "orders", run_id: run, session_id: `${run}-${task}`, task_id: task }) as Session;

it("begins an incident with what follows from nothing, and finds who looked into it", () => {
  const found = incidentsOf(
    [
      alert("run", "i1", "key", "", "2026-11-30T10:00:00Z"),
      alert("below", "i1", "key", "tell", "2026-11-30T10:00:00Z"),
      alert("first", "i1", "", "load", "2026-11-30T10:00:00Z"),
      { ...alert("late", "i2", "", "", "2026-11-30T11:00:00Z"), run_id: "r2" },
    ],
    [session("load"), session("load", "r3")],
  );

  expect(found.map((item) => item.root.alert_id)).toEqual(["late", "first"]);
  expect(found[1]?.consequences.map((item) => item.alert_id)).toEqual(["run", "below"]);
  expect(found[1]?.sessions.map((item) => item.session_id)).toEqual(["r1-load"]);
});

it("does not lose an alert whose origin is not in the list any more", () => {
  expect(incidentsOf([alert("run", "i1", "gone", "", "2026-11-30T10:05:00Z")], [])).toHaveLength(1);
});
