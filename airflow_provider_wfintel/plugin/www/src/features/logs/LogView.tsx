import { Box } from "@chakra-ui/react";
import Anser from "anser";
import { useVirtualizer } from "@tanstack/react-virtual";
import { Fragment, type ReactNode, useEffect, useMemo, useRef } from "react";

import { strings } from "src/ui/strings";

const LINE_PX = 20;

// The host's own colours: the terminal's cannot be read on a light ground, or not on a dark one.
const colors: Record<string, string> = Object.fromEntries(
  Object.entries({ blue: "blue", cyan: "cyan", green: "green", magenta: "purple", red: "red", yellow: "yellow" }).flatMap(
    ([name, token]) => [`ansi-${name}`, `ansi-bright-${name}`].map((key) => [key, `${token}.fg`]),
  ),
);

const MASK = "***";

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

/** A line to go to. Each wish is an object of its own, so that the same line can be asked for again. */
export type Goal = { readonly line: number | undefined };

/** A log with line numbers and ANSI colours; only the lines in sight are drawn. Lines that prove something are marked. */
export const LogView = ({
  evidence,
  goTo,
  height = 480,
  text,
}: {
  readonly evidence: ReadonlySet<number>;
  readonly goTo?: Goal;
  readonly height?: number;
  readonly text: string;
}) => {
  const box = useRef<HTMLDivElement>(null);
  const lines = useMemo(() => text.split("\n"), [text]);
  const virtual = useVirtualizer({
    count: lines.length,
    estimateSize: () => LINE_PX,
    getScrollElement: () => box.current,
    initialRect: { height, width: 800 },
    overscan: 20,
  });

  useEffect(() => {
    if (goTo?.line !== undefined) {
      virtual.scrollToIndex(goTo.line, { align: "center" });
      // On narrow screens the log stands below the diagnosis, out of sight.
      box.current?.scrollIntoView({ block: "nearest" });
    }
  }, [goTo, virtual]);

  return (
    <Box
      aria-label={strings.log.title}
      bg="bg.subtle"
      borderRadius="md"
      fontFamily="mono"
      fontSize="xs"
      h={`${height}px`}
      overflow="auto"
      ref={box}
      role="region"
      tabIndex={0}
    >
      <Box h={`${virtual.getTotalSize()}px`} minW="max-content" position="relative">
        {virtual.getVirtualItems().map((row) => {
          const proof = evidence.has(row.index);

          return (
            <Box
              bg={proof ? "bg.emphasized" : undefined}
              borderLeftColor={proof ? "red.solid" : "transparent"}
              borderLeftWidth={3}
              data-evidence={proof || undefined}
              h={`${LINE_PX}px`}
              key={row.key}
              position="absolute"
              px={2}
              top={0}
              transform={`translateY(${row.start}px)`}
              whiteSpace="pre"
              w="100%"
            >
              <Box as="span" color="fg.muted" display="inline-block" mr={3} textAlign="right" userSelect="none" w="6ch">
                {proof ? "▶ " : ""}
                {row.index + 1}
              </Box>
              {Anser.ansiToJson(lines[row.index] ?? "", { remove_empty: true, use_classes: true }).map((piece, index) => (
                <Box as="span" color={colors[piece.fg]} key={index}>
                  {withMasks(piece.content)}
                </Box>
              ))}
            </Box>
          );
        })}
      </Box>
    </Box>
  );
};
