import { expect, it } from "vitest";

import { endOf } from "./hooks";

it("hands over the end of a long log, in whole lines", () => {
  expect(endOf("first line\nsecond\nlast", 10)).toBe("last");
  expect(endOf("short", 10)).toBe("short");
});
