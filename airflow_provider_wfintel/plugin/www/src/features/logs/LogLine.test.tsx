import { expect, it } from "vitest";

import { show } from "src/test/render";
import { LogLine } from "./LogLine";

it("keeps the colours of the terminal as classes, and its codes out of the text", () => {
  const { container } = show(<LogLine index={4} proof={false} start={80} text={"\u001B[31mERROR\u001B[0m no room"} />);

  expect(container.querySelector(".ansi-red")?.textContent).toBe("ERROR");
  expect(container.querySelector(".log-line")?.textContent).toBe("5ERROR no room");
});

it("draws a line without colours as one plain text, and marks what proves something by more than its ground", () => {
  const { container } = show(<LogLine index={0} proof start={0} text="permission denied" />);
  const line = container.querySelector("[data-evidence]");

  expect(line?.textContent).toBe("▶ 1permission denied");
  expect(line?.children).toHaveLength(1);
});
