import { Box, Flex, Text } from "@chakra-ui/react";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useMemo, useRef } from "react";

import { duration } from "src/ui/format";
import { strings } from "src/ui/strings";
import { type Bar, type Row, rowsOf, slotSteps, ticks } from "./scale";

const ROW_PX = 28;
const NAMES_PX = 200;
const AXIS_PX = 700;
const LEAST_BAR = 0.4;
const NONE: ReadonlyArray<Bar> = [];

const Lane = ({ bar, ghost, length }: { readonly bar: Bar; readonly ghost: boolean; readonly length: number }) => (
  <Box
    aria-label={`${bar.id}: ${duration(bar.start)} – ${duration(bar.end)}${ghost ? `, ${strings.gantt.was}` : ""}`}
    data-critical={(bar.critical && !ghost) || undefined}
    bg={ghost ? "bg.emphasized" : bar.state === "failed" ? "red.solid" : "blue.solid"}
    borderColor="border.inverted"
    borderRadius="sm"
    borderWidth={bar.critical && !ghost ? 2 : 0}
    h={ghost ? "6px" : "14px"}
    left={`${(100 * bar.start) / length}%`}
    position="absolute"
    role="img"
    title={[
      `${bar.id}: ${duration(bar.end - bar.start)}`,
      ...(ghost ? [strings.gantt.was] : []),
      ...(bar.critical ? [strings.gantt.critical] : []),
    ].join(" · ")}
    top={ghost ? "19px" : "4px"}
    w={`${Math.max(LEAST_BAR, (100 * (bar.end - bar.start)) / length)}%`}
  />
);

const TaskRow = ({ length, row }: { readonly length: number; readonly row: Row }) => (
  <Flex h={`${ROW_PX}px`}>
    <Text flexShrink={0} fontSize="sm" pr={2} title={row.id} truncate w={`${NAMES_PX}px`}>
      {row.id}
    </Text>
    <Box borderBottomWidth={1} flex="1" position="relative">
      {row.before === undefined ? undefined : <Lane bar={row.before} ghost={row.after !== undefined} length={length} />}
      {row.after === undefined ? undefined : <Lane bar={row.after} ghost={false} length={length} />}
    </Box>
  </Flex>
);

const Slots = ({
  bars,
  length,
  name,
}: {
  readonly bars: ReadonlyArray<Bar>;
  readonly length: number;
  readonly name: (most: number) => string;
}) => {
  const steps = slotSteps(bars);
  const most = Math.max(1, ...steps.map(([, count]) => count));
  const path = steps
    .map(([second, count], index) => {
      const last = steps[index - 1]?.[1] ?? 0;
      const x = (1000 * second) / length;

      return `L${x},${20 - (20 * last) / most} L${x},${20 - (20 * count) / most}`;
    })
    .join(" ");

  return (
    <Flex align="center">
      <Text color="fg.muted" flexShrink={0} fontSize="xs" w={`${NAMES_PX}px`}>
        {name(most)}
      </Text>
      <Box asChild color="blue.solid" flex="1" h="24px">
        <svg aria-hidden preserveAspectRatio="none" viewBox="0 0 1000 20">
          <path d={`M0,20 ${path} L1000,20 Z`} fill="currentColor" opacity={0.4} />
        </svg>
      </Box>
    </Flex>
  );
};

/** Tasks over time. With two sides both share one axis: what was is the thin bar below what will be. */
export const Gantt = ({ after = NONE, before = NONE }: { readonly after?: ReadonlyArray<Bar>; readonly before?: ReadonlyArray<Bar> }) => {
  const box = useRef<HTMLDivElement>(null);
  const rows = useMemo(() => rowsOf(before, after), [after, before]);
  const length = Math.max(1e-9, ...[...before, ...after].map((bar) => bar.end));
  const virtual = useVirtualizer({
    count: rows.length,
    estimateSize: () => ROW_PX,
    getScrollElement: () => box.current,
    initialRect: { height: 400, width: 800 },
    overscan: 10,
  });

  return (
    <Box aria-label={strings.gantt.title} overflowX="auto" role="figure">
      <Box minW="600px">
        <Flex>
          <Box flexShrink={0} w={`${NAMES_PX}px`} />
          <Box flex="1" h="20px" position="relative">
            {ticks(length, AXIS_PX).map((second) => (
              <Text color="fg.muted" fontSize="xs" key={second} left={`${(100 * second) / length}%`} position="absolute">
                {second === 0 ? "0" : duration(second)}
              </Text>
            ))}
          </Box>
        </Flex>
        <Box maxH="420px" overflowY="auto" ref={box} tabIndex={0}>
          <Box h={`${virtual.getTotalSize()}px`} position="relative">
            {virtual.getVirtualItems().map((item) => {
              const row = rows[item.index];

              return row === undefined ? undefined : (
                <Box key={row.id} left={0} position="absolute" right={0} top={0} transform={`translateY(${item.start}px)`}>
                  <TaskRow length={length} row={row} />
                </Box>
              );
            })}
          </Box>
        </Box>
        {before.length > 0 && after.length > 0 ? <Slots bars={before} length={length} name={strings.gantt.before} /> : undefined}
        <Slots bars={after.length > 0 ? after : before} length={length} name={strings.gantt.slots} />
      </Box>
    </Box>
  );
};
