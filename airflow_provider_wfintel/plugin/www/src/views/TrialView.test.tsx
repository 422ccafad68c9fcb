import { fireEvent, screen } from "@testing-library/react";
import { expect, it } from "vitest";

import { answering, show } from "src/test/render";
import { TrialView } from "./TrialView";

const TRIAL = {
  dag_id: "d",
  error: "",
  missing: [],
  ok: true,
  runs: [
    {
      answers: "rows",
      tasks: [
        { calls: [{ service: "api", target: "/rates", verb: "GET" }], error: "", operator: "x", reason: "", state: "success", task_id: "fetch" },
      ],
    },
  ],
  seconds: 12.5,
};

it("runs the DAG where it is allowed and says what it would have called", async () => {
  const server = answering({ "/api/health": { tries_dags: true }, "/automation/try": TRIAL });

  show(<TrialView dagId="d" edits={[]} text="load it" />);
  fireEvent.click(await screen.findByRole("button", { name: "Run with stand-ins" }));
  expect(await screen.findByText("It ran to its end in 13s")).toBeTruthy();
  expect(screen.getByText("GET /rates (api)")).toBeTruthy();
  expect(JSON.parse(String(server.mock.calls.at(-1)?.[1]?.body))).toEqual({ edits: [], user_input: "load it" });
});

it("is not offered where the administrator has not allowed it", async () => {
  const server = answering({ "/api/health": { tries_dags: false } });

  show(<TrialView dagId="d" edits={[]} text="load it" />);
  await expect.poll(() => server.mock.calls.length).toBe(1);
  expect(screen.queryByRole("button")).toBeNull();
});
