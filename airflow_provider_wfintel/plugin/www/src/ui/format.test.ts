import { expect, it } from "vitest";

import { duration, hostTimeZone, moment, percent } from "./format";

it("writes durations as Airflow does", () => {
  expect([0.25, 83, 3600, 90_061].map(duration)).toEqual(["0.3s", "1m 23s", "1h", "1d 1h"]);
  expect(duration(undefined)).toBe("–");
});

it("shows moments in the time zone that was chosen in Airflow", () => {
  localStorage.setItem("timezone", JSON.stringify("Asia/Tokyo"));
  expect(hostTimeZone()).toBe("Asia/Tokyo");
  expect(moment("2026-12-01T05:00:00Z")).toContain("14:00");
  localStorage.removeItem("timezone");
  expect(moment("2026-12-01T05:00:00Z")).toContain("05:00");
});

it("gives back what is no moment", () => {
  expect(moment("soon")).toBe("soon");
  expect(percent(0.984, 1)).toBe("98.4 %");
});
