import { describe, expect, it } from "vitest";

import { withAnswer } from "./generateSpec";

describe("an answer to a question", () => {
  it("stands where the channel of an alert was asked for, counted as Python counts", () => {
    const text = "🐘 load. If it fails, alert the team. Retry twice.";
    const start = [...text].join("").indexOf("alert") - 1;
    const span: [number, number] = [start, start + "alert the team".length];

    expect(withAnswer(text, { about: "alert_channel", span }, "Slack")).toBe(
      "🐘 load. If it fails, alert the team via Slack. Retry twice.",
    );
  });

  it("is a sentence of its own where no words raised the question", () => {
    expect(withAnswer("load it ", { about: "connection", span: null }, "shop_db")).toBe("load it\n\nshop_db");
  });
});
