import { fireEvent, screen } from "@testing-library/react";
import { expect, it, vi } from "vitest";

import { show } from "src/test/render";
import { Rate } from "./Rate";

it("sends the rating and the comment, and says thanks", async () => {
  const fetch = vi
    .spyOn(globalThis, "fetch")
    .mockImplementation(async () => new Response(JSON.stringify({ subject: "diagnosis", votes: 0 })));

  show(<Rate dagId="orders" subject="diagnosis" subjectId="orders/load/1" />);
  fireEvent.change(screen.getByLabelText("What should be better?"), { target: { value: "wrong host" } });
  fireEvent.click(screen.getByRole("button", { name: "2 of 5" }));
  expect(await screen.findByText("Thank you, noted")).toBeTruthy();
  const sent = JSON.parse(String(fetch.mock.calls[0]?.[1]?.body)) as Record<string, unknown>;

  expect(sent).toMatchObject({ comment: "wrong host", dag_id: "orders", rating: 2, verdict: "rejected" });
  expect(screen.getByRole("button", { name: "2 of 5" }).getAttribute("aria-pressed")).toBe("true");
});
