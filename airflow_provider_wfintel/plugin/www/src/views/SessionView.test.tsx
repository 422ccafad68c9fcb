import { fireEvent, screen, waitFor } from "@testing-library/react";
import { expect, it } from "vitest";

import type { Body } from "src/api/client";
import { answering, show } from "src/test/render";
import { SessionView } from "./SessionView";

const OFFER: Body<"OfferBody"> = {
  answer: "ask",
  because: "the server answers again",
  failed: 1,
  helped: 3,
  odds: 0.71,
  reason: "the policy asks first",
  remedy: "clear_with_backoff",
  steps: ["clear load in run r1 of orders"],
  success: "the next try succeeds",
  undoable: false,
};

const SESSION: Body<"SessionBody"> = {
  closed_at: null,
  closed_by: "",
  confidence: 0.96,
  dag_id: "orders",
  due_at: null,
  evidence: ["Connection refused"],
  explanation: "Nothing listens there.",
  label: "connection_refused",
  map_index: -1,
  offers: [OFFER],
  opened_at: "2026-11-30T10:00:00Z",
  outcome: "",
  phase: "diagnosis",
  ranked: ["connection_refused"],
  reason: "",
  run_id: "r1",
  session_id: "s1",
  status: "in_progress",
  steps: [],
  task_id: "load",
  transient: true,
  try_id: "t1",
  try_number: 2,
  updated_at: null,
};

it("does nothing before a person has seen what exactly would happen", async () => {
  const server = answering({
    "/sessions/s1/resolve": {
      misfits: {},
      offers: [{ ...OFFER, steps: ["clear load in run r1 of orders", "runs again: load, publish"] }],
      outcome: "dry_run",
      proposals: [],
      reason: "",
      remedy: "",
      session: SESSION,
      steps: [],
    },
  });

  show(<SessionView detail={{ attempts: [], session: SESSION, similar: [] }} />);
  const doIt = screen.getByRole("button", { name: "Do it" });

  expect(doIt.hasAttribute("disabled")).toBe(true);
  fireEvent.click(screen.getByRole("button", { name: "What exactly would happen?" }));
  expect(await screen.findByText("runs again: load, publish")).toBeTruthy();
  expect(doIt.hasAttribute("disabled")).toBe(false);
  fireEvent.click(doIt);
  await waitFor(() => expect(server).toHaveBeenCalledTimes(2));
  const modes = server.mock.calls.map((call) => (JSON.parse(String(call[1]?.body)) as { mode: string }).mode);

  expect(modes).toEqual(["dry_run", "apply"]);
});

it("finds the remedies of a new session by a dry run", async () => {
  const server = answering({ "/sessions/s1/resolve": { misfits: {}, offers: [OFFER], outcome: "dry_run" } });

  show(<SessionView detail={{ attempts: [], session: { ...SESSION, offers: [] }, similar: [] }} />);
  expect(await screen.findByText("clear with backoff")).toBeTruthy();
  expect(JSON.parse(String(server.mock.calls[0]?.[1]?.body))).toEqual({ mode: "dry_run", remedy: "" });
});

it("offers nothing to do on a session that is over, but shows what was done", () => {
  const attempt: Body<"AttemptBody"> = {
    applied_at: "2026-11-30T10:01:00Z",
    attempt_id: "a1",
    attempt_number: 1,
    actor: "ann",
    mode: "apply",
    reason: "",
    remedy: "create_pool",
    requested_at: "2026-11-30T10:01:00Z",
    result: null,
    status: "verified",
    steps: ["create the pool etl with 4 slots"],
    undoable: true,
    undone_at: null,
    verified_at: null,
  };

  show(<SessionView detail={{ attempts: [attempt], session: { ...SESSION, status: "auto_resolved" }, similar: [] }} />);
  expect(screen.getByRole("button", { name: "What exactly would happen?" }).hasAttribute("disabled")).toBe(true);
  expect(screen.queryByRole("button", { name: "Close the session" })).toBeNull();
  expect(screen.getByText("create the pool etl with 4 slots")).toBeTruthy();
  expect(screen.getByRole("button", { name: "Undo what was set" })).toBeTruthy();
});
