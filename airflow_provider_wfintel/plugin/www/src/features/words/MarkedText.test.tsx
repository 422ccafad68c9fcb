import { fireEvent, screen } from "@testing-library/react";
import { describe, expect, it, vi } from "vitest";

import { show } from "src/test/render";
import { cut, MarkedText } from "./MarkedText";

describe("the words behind the tasks", () => {
  it("are cut out of the text without losing a letter", () => {
    const text = "copy orders, then tell Slack";
    const pieces = cut(text, [
      { end: 11, id: "copy", start: 0 },
      { end: 28, id: "tell", start: 18 },
      { end: 28, id: "chat", start: 23 },
    ]);

    expect(pieces.map((piece) => piece.text).join("")).toBe(text);
    expect(pieces.map((piece) => piece.ids)).toEqual([["copy"], [], ["tell"], ["tell", "chat"]]);
  });

  it("count characters as Python does, also beyond the first 65,536", () => {
    expect(cut("🐘 load", [{ end: 6, id: "load", start: 2 }]).at(-1)).toEqual({ ids: ["load"], text: "load" });
  });

  it("light their task", () => {
    const onPoint = vi.fn();

    show(<MarkedText markings={[{ end: 4, id: "load", start: 0 }]} onPoint={onPoint} text="load it" />);
    fireEvent.mouseEnter(screen.getByText("load"));
    expect(onPoint).toHaveBeenCalledWith("load");
  });
});
