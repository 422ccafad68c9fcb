import { fireEvent, screen } from "@testing-library/react";
import { Route, Routes } from "react-router-dom";
import { expect, it, vi } from "vitest";

import { answering, show } from "src/test/render";
import { SessionPage } from "./SessionPage";

const SESSION = {
  closed_at: null,
  confidence: 0.9,
  dag_id: "orders",
  evidence: ["Connection refused"],
  explanation: "Nothing listens there.",
  label: "connection_refused",
  map_index: -1,
  offers: [],
  opened_at: "2026-11-30T10:00:00Z",
  ranked: ["connection_refused"],
  reason: "",
  run_id: "r1",
  session_id: "s1",
  status: "closed",
  steps: [],
  task_id: "load",
  transient: true,
  try_number: 2,
};
const DETAIL = { attempts: [], session: SESSION, similar: [] };
const page = (
  <Routes>
    <Route element={<SessionPage />} path=":sessionId" />
  </Routes>
);

it("shows the log of the try beside the session, and a quote leads there", async () => {
  Element.prototype.scrollTo = vi.fn();
  Element.prototype.scrollIntoView = vi.fn();
  answering({ "/logs/2": { content: ["start with key ***", "Connection refused"] }, "/sessions/s1": DETAIL });
  show(page, "/s1");
  await screen.findByRole("region", { name: "log" });
  fireEvent.click(screen.getByRole("button", { name: "Connection refused" }));
  expect(Element.prototype.scrollIntoView).toHaveBeenCalled();
});

it("shows the session where the log is gone; a quote is no button then", async () => {
  answering({ "/logs/2": { content: [] }, "/sessions/s1": DETAIL });
  show(page, "/s1");
  expect(await screen.findByText("The log of this try is not there any more.")).toBeTruthy();
  expect(screen.getByText("Nothing listens there.")).toBeTruthy();
  expect(screen.queryByRole("button", { name: "Connection refused" })).toBeNull();
});
