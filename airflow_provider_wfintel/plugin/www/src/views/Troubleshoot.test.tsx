import { fireEvent, screen } from "@testing-library/react";
import { expect, it } from "vitest";

import { answering, show } from "src/test/render";
import { Troubleshoot } from "./Troubleshoot";

const answer = (status: number, body: unknown) =>
  answering({
    "/monitoring/alerts": { alerts: [], limit: 200, offset: 0, total: 0 },
    "/sessions": { sessions: [], total: 0 },
    "/troubleshooting/analyze": new Response(JSON.stringify(body), { status }),
  });

const paste = (log: string) => {
  show(<Troubleshoot />);
  fireEvent.change(screen.getByLabelText("Log"), { target: { value: log } });
  fireEvent.click(screen.getByRole("button", { name: "Find the cause" }));
};

it("asks nothing while there is no log", () => {
  answer(200, {});
  show(<Troubleshoot />);
  expect(screen.getByRole("button", { name: "Find the cause" }).hasAttribute("disabled")).toBe(true);
});

it("says the cause first, with its confidence and the line that proves it", async () => {
  answer(200, {
    action: "wait",
    confidence: 0.97,
    evidence: ["Connection refused"],
    explanation: "Nothing listens there.",
    fix_location: "source",
    group: "network",
    label: "connection_refused",
    probabilities: [0.97, 0.02],
    ranked: ["connection_refused", "dns_failure"],
    remedies: [],
    signatures: [],
    steps: ["Start the server."],
    transient: "transient",
  });
  paste("INFO start\nERROR Connection refused");
  expect(await screen.findByText("connection refused")).toBeTruthy();
  expect(screen.getByText("97 %")).toBeTruthy();
  expect(screen.getByRole("button", { name: "Connection refused" })).toBeTruthy();
  expect(screen.getByText("Start the server.")).toBeTruthy();
});

it("shows an error of the server with its hint", async () => {
  answer(413, { error: "the request is too large", error_type: "RequestTooLarge", hint: "send the last lines", retryable: false });
  paste("x");
  expect(await screen.findByText("the request is too large")).toBeTruthy();
  expect(screen.getByText("send the last lines")).toBeTruthy();
});
