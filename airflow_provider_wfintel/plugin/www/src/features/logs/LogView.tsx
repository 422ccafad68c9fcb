import { Box } from "@chakra-ui/react";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useRef } from "react";

import { strings } from "src/ui/strings";
import { LINE_PX, LogLine, lineRules } from "./LogLine";

/** A line to go to. Each wish is an object of its own, so that the same line can be asked for again. */
export type Goal = { readonly line: number | undefined };

/** A log with line numbers and ANSI colours; only the lines in sight are drawn. Lines that prove something are marked. */
export const LogView = ({
  evidence,
  goTo,
  height = 480,
  lines,
}: {
  readonly evidence: ReadonlySet<number>;
  readonly goTo?: Goal;
  readonly height?: number;
  readonly lines: ReadonlyArray<string>;
}) => {
  const box = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: lines.length,
    estimateSize: () => LINE_PX,
    getScrollElement: () => box.current,
    initialRect: { height, width: 800 },
    overscan: 10,
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
      css={lineRules}
      fontFamily="mono"
      fontSize="xs"
      h={`${height}px`}
      overflow="auto"
      ref={box}
      role="region"
      tabIndex={0}
    >
      <Box h={`${virtual.getTotalSize()}px`} minW="max-content" position="relative">
        {virtual.getVirtualItems().map(({ index, key, start }) => (
          <LogLine index={index} key={key} proof={evidence.has(index)} start={start} text={lines[index] ?? ""} />
        ))}
      </Box>
    </Box>
  );
};
