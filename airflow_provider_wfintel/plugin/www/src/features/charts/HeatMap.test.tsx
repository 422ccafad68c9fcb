import { screen } from "@testing-library/react";
import { expect, it } from "vitest";

import { show } from "src/test/render";
import { HeatMap, strength } from "./HeatMap";

it("says for each of the 168 hours of the week what runs in it", () => {
  show(<HeatMap cells={[{ hour: 6, runs: 12, value: 2.5, weekday: 0 }]} />);
  expect(screen.getAllByRole("img")).toHaveLength(168);
  expect(screen.getByRole("img", { name: "Mon 6:00: 12 runs due, 2.5 at work at once" })).toBeTruthy();
});

it("lets a quiet hour be told from an idle one", () => {
  expect(strength(0, 4)).toBe(0);
  expect(strength(0.04, 4)).toBeCloseTo(0.1);
  expect(strength(4, 4)).toBe(1);
  expect(strength(0, 0)).toBe(0);
});
