import Anser from "anser";
import { Fragment, memo, type ReactNode } from "react";

import { strings } from "src/ui/strings";

export const LINE_PX = 20;

// The host's own colours: the terminal's cannot be read on a light ground, or not on a dark one.
const colors: Record<string, string> = Object.fromEntries(
  Object.entries({ blue: "blue", cyan: "cyan", green: "green", magenta: "purple", red: "red", yellow: "yellow" }).flatMap(
    ([name, token]) => [`ansi-${name}`, `ansi-bright-${name}`].map((key) => [key, `${token}.fg`]),
  ),
);

/** One rule for each kind of part, in place of a styled element for each: while a log is scrolled, all rows are new. */
export const lineRules = {
  ...Object.fromEntries(Object.entries(colors).map(([name, color]) => [`& .${name}`, { color }])),
  "& .log-line": {
    borderLeftColor: "transparent",
    borderLeftWidth: "3px",
    h: `${LINE_PX}px`,
    left: 0,
    position: "absolute",
    px: 2,
    top: 0,
    w: "100%",
    whiteSpace: "pre",
  },
  "& .log-line[data-evidence]": { bg: "bg.emphasized", borderLeftColor: "red.solid" },
  "& .log-number": { color: "fg.muted", display: "inline-block", mr: 3, textAlign: "right", userSelect: "none", w: "6ch" },
};

const MASK = "***";
const ESCAPE = "\u001B";

/** The text of a piece; where something was masked, it says so. */
export const withMasks = (text: string): ReactNode =>
  text.includes(MASK)
    ? text.split(MASK).map((part, index) => (
        <Fragment key={index}>
          {index === 0 ? undefined : <abbr title={strings.log.masked}>{MASK}</abbr>}
          {part}
        </Fragment>
      ))
    : text;

/** A line with its colours. Most lines of most logs have none, and need no parser. */
const coloured = (text: string): ReactNode =>
  text.includes(ESCAPE)
    ? Anser.ansiToJson(text, { remove_empty: true, use_classes: true }).map((piece, index) => (
        <span className={colors[piece.fg] === undefined ? undefined : piece.fg} key={index}>
          {withMasks(piece.content)}
        </span>
      ))
    : withMasks(text);

/** One line of a log with its number; what proves something is marked by its ground, a bar and a sign. */
export const LogLine = memo(
  ({ index, proof, start, text }: { readonly index: number; readonly proof: boolean; readonly start: number; readonly text: string }) => (
    <div className="log-line" data-evidence={proof || undefined} style={{ transform: `translateY(${start}px)` }}>
      <span className="log-number">
        {proof ? "▶ " : ""}
        {index + 1}
      </span>
      {coloured(text)}
    </div>
  ),
);
