import { screen } from "@testing-library/react";
import { expect, it } from "vitest";

import { show } from "src/test/render";
import { withMasks } from "./LogLine";

it("says of every masked part that it is one, and leaves the rest as it is", () => {
  const { container } = show(<p>{withMasks("key *** and *** end")}</p>);

  expect(container.textContent).toBe("key *** and *** end");
  expect(screen.getAllByTitle("Masked: secrets are not shown")).toHaveLength(2);
  expect(withMasks("nothing masked")).toBe("nothing masked");
});
