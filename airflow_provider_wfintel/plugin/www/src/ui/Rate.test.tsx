import { fireEvent, screen } from "@testing-library/react";
import { expect, it } from "vitest";

import { answering, show } from "src/test/render";
import { Rate } from "./Rate";

const KEPT = { corrections: [], subject: "diagnosis", subject_id: "s1", votes: 0 };
type Told = Record<string, unknown>;
const told = (server: ReturnType<typeof answering>): ReadonlyArray<Told> =>
  server.mock.calls.map((call) => JSON.parse(String(call[1]?.body)) as Told);

it("tells how good an answer was and what should be better", async () => {
  const server = answering({ "/workflows/feedback": KEPT });

  show(<Rate dagId="orders" subject="diagnosis" subjectId="s1" />);
  fireEvent.change(screen.getByRole("textbox"), { target: { value: "wrong host" } });
  fireEvent.click(screen.getByRole("button", { name: "2 of 5" }));
  expect(await screen.findByText("Thank you, noted")).toBeTruthy();
  expect(told(server)[0]).toMatchObject({ comment: "wrong host", dag_id: "orders", rating: 2, verdict: "rejected" });
  expect(screen.getByRole("button", { name: "2 of 5" }).getAttribute("aria-pressed")).toBe("true");
});

it("takes a thumb alone, and keeps it when a rating follows", async () => {
  const server = answering({ "/workflows/feedback": KEPT });

  show(<Rate subject="diagnosis" subjectId="s1" />);
  fireEvent.click(screen.getByRole("button", { name: "Right" }));
  expect(await screen.findByText("Thank you, noted")).toBeTruthy();
  expect(screen.getByRole("button", { name: "Right" }).getAttribute("aria-pressed")).toBe("true");
  fireEvent.click(screen.getByRole("button", { name: "2 of 5" }));
  await screen.findByText("Thank you, noted");
  expect(told(server)).toMatchObject([
    { rating: null, verdict: "accepted" },
    { rating: 2, verdict: "accepted" },
  ]);
});

it("asks in a list for a thumb first", () => {
  answering({ "/workflows/feedback": KEPT });
  show(<Rate brief subject="insight" subjectId="i1" />);
  expect(screen.queryByRole("button", { name: "3 of 5" })).toBeNull();
  fireEvent.click(screen.getByRole("button", { name: "Wrong" }));
  expect(screen.getByRole("button", { name: "3 of 5" })).toBeTruthy();
});

it("leaves the thumb to those who have words of their own for it", async () => {
  const server = answering({ "/workflows/feedback": KEPT });

  show(<Rate subject="insight" subjectId="a1" verdict="rejected" />);
  expect(screen.queryByRole("button", { name: "Right" })).toBeNull();
  fireEvent.click(screen.getByRole("button", { name: "4 of 5" }));
  await screen.findByText("Thank you, noted");
  expect(told(server)[0]).toMatchObject({ rating: 4, verdict: "rejected" });
});
