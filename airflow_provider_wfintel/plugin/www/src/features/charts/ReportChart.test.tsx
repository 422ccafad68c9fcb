import { screen } from "@testing-library/react";
import { expect, it } from "vitest";

import { show } from "src/test/render";
import { ReportChart } from "./ReportChart";

it("draws the failed part of each bar at its foot and says the numbers", () => {
  const bars = [
    { bad: 5, label: "2026-11-01", value: 10 },
    { bad: 0, label: "2026-11-02", value: 5 },
  ];
  const { container } = show(<ReportChart chart={{ bad: "failed", bars, title: "Runs over time", unit: "runs" }} />);

  expect(screen.getByRole("img", { name: "Runs over time: at most 10 runs" })).toBeTruthy();
  expect([...container.querySelectorAll("title")].map((title) => title.textContent)).toEqual([
    "2026-11-01: 10 runs, 5 failed",
    "2026-11-02: 5 runs, 0 failed",
  ]);
  expect([...container.querySelectorAll("rect")].map((rect) => rect.getAttribute("height"))).toEqual(["48", "48", "48", "0"]);
});
