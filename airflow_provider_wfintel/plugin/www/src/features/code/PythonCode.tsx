import { Box } from "@chakra-ui/react";
import Prism from "prismjs";
import "prismjs/components/prism-python";
import { memo, useMemo } from "react";

import type { Lines } from "./taskLines";

const colors: Record<string, string> = {
  boolean: "purple.fg",
  builtin: "blue.fg",
  comment: "fg.muted",
  decorator: "purple.fg",
  function: "blue.fg",
  keyword: "purple.fg",
  number: "orange.fg",
  string: "green.fg",
  "triple-quoted-string": "green.fg",
};

type Piece = { readonly kind: string; readonly text: string };

const flatten = (token: Prism.Token | string, kind = ""): ReadonlyArray<Piece> => {
  if (typeof token === "string") {
    return [{ kind, text: token }];
  }
  const inner = Array.isArray(token.content) ? token.content : [token.content];

  return inner.flatMap((part) => flatten(part, token.type));
};

/** The source as lines of coloured pieces. */
export const colouredLines = (source: string): ReadonlyArray<ReadonlyArray<Piece>> => {
  const lines: Array<Array<Piece>> = [[]];

  for (const token of Prism.tokenize(source, Prism.languages.python ?? {})) {
    for (const piece of flatten(token)) {
      piece.text.split("\n").forEach((text, index) => {
        if (index > 0) {
          lines.push([]);
        }
        lines.at(-1)?.push({ kind: piece.kind, text });
      });
    }
  }

  return lines;
};

// One rule for each kind in place of a styled element for each word, of which a file has hundreds.
const rules = Object.fromEntries(Object.entries(colors).map(([kind, color]) => [`& .code-${kind}`, { color }]));
const numbers = { "& .code-number-of-line": { color: "fg.muted", display: "inline-block", mr: 4, textAlign: "right", userSelect: "none", w: "3ch" } };
const line = {
  "& .code-line": { borderLeftColor: "transparent", borderLeftWidth: "3px", minH: "1.4em", px: 2, whiteSpace: "pre" },
  "& .code-line[data-lit]": { bg: "bg.emphasized", borderLeftColor: "border.inverted" },
};

const Line = memo(
  ({
    index,
    lit,
    onPoint,
    pieces,
  }: {
    readonly index: number;
    readonly lit: boolean;
    readonly onPoint?: (line: number) => void;
    readonly pieces: ReadonlyArray<Piece>;
  }) => (
    <div className="code-line" data-lit={lit || undefined} onMouseEnter={() => onPoint?.(index)}>
      <span aria-hidden className="code-number-of-line">
        {index + 1}
      </span>
      {pieces.map((piece, position) => (
        <span className={colors[piece.kind] === undefined ? undefined : `code-${piece.kind}`} key={position}>
          {piece.text}
        </span>
      ))}
    </div>
  ),
);

/** Python with line numbers; the lines of the task that is pointed at are marked. */
export const PythonCode = ({
  lit,
  onPointLine,
  source,
}: {
  readonly lit?: Lines;
  readonly onPointLine?: (line: number | undefined) => void;
  readonly source: string;
}) => {
  const lines = useMemo(() => colouredLines(source), [source]);

  return (
    <Box
      aria-label="code"
      as="pre"
      bg="bg.subtle"
      borderRadius="md"
      css={{ ...rules, ...numbers, ...line }}
      fontFamily="mono"
      fontSize="xs"
      maxH="560px"
      onMouseLeave={() => onPointLine?.(undefined)}
      overflow="auto"
      py={2}
      tabIndex={0}
    >
      {lines.map((pieces, index) => (
        <Line
          index={index}
          key={index}
          lit={lit !== undefined && index >= lit[0] && index <= lit[1]}
          onPoint={onPointLine}
          pieces={pieces}
        />
      ))}
    </Box>
  );
};
