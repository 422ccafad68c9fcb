import { useEffect, useRef, useState } from "react";

/** How long the keyboard rests before a text is asked about, and how long one question keeps the next one waiting. */
export const REST_MS = 120;
export const SPACING_MS = 350;

/** When to ask about a text that has just changed: after a rest, and not right behind the question before.
 *
 * The spacing keeps fast typists below the server's limit of 240 costly questions a minute.
 */
export const waitFor = (now: number, asked: number): number => Math.max(REST_MS, asked + SPACING_MS - now);

/** The text as it is after a short rest in typing. */
export const usePaused = (text: string): string => {
  const [paused, setPaused] = useState(text);
  const asked = useRef(-SPACING_MS);

  useEffect(() => {
    const timer = setTimeout(
      () => {
        asked.current = performance.now();
        setPaused(text);
      },
      waitFor(performance.now(), asked.current),
    );

    return () => clearTimeout(timer);
  }, [text]);

  return paused;
};
