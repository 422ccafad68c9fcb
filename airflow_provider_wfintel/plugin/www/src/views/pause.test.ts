import { act, renderHook } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";

import { REST_MS, SPACING_MS, usePaused, waitFor } from "./pause";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

it("asks after a rest, and later where a question has just been asked", () => {
  expect(waitFor(10_000, 0)).toBe(REST_MS);
  expect(waitFor(10_000, 9_990)).toBe(SPACING_MS - 10);
});

it("takes the text when the keyboard rests, not at every key", () => {
  const { rerender, result } = renderHook(({ text }) => usePaused(text), { initialProps: { text: "" } });

  for (const text of ["E", "Ev", "Every"]) {
    rerender({ text });
    act(() => vi.advanceTimersByTime(REST_MS - 1));
  }
  expect(result.current).toBe("");
  act(() => vi.advanceTimersByTime(SPACING_MS));
  expect(result.current).toBe("Every");
});

it("asks at most 240 times a minute, however one types", () => {
  const { rerender, result } = renderHook(({ text }) => usePaused(text), { initialProps: { text: "0" } });
  const seen = new Set<string>();

  for (let key = 1; key <= 60_000 / (REST_MS + 5); key += 1) {
    rerender({ text: String(key) });
    act(() => vi.advanceTimersByTime(REST_MS + 5));
    seen.add(result.current);
  }
  expect(seen.size).toBeLessThan(240);
  expect(seen.size).toBeGreaterThan(1);
});
