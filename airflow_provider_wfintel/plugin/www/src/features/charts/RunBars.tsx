import { Box, Flex, Text } from "@chakra-ui/react";

import { day, moment } from "src/ui/format";
import { strings } from "src/ui/strings";

export type RunBar = { readonly at: string; readonly failed: number; readonly runs: number };
const HEIGHT_PX = 80;

/** Runs by time, the failed ones in red at the foot. */
export const RunBars = ({ bars }: { readonly bars: ReadonlyArray<RunBar> }) => {
  const most = Math.max(1, ...bars.map((bar) => bar.runs));
  const [first, last] = [bars[0], bars.at(-1)];

  return first === undefined || last === undefined ? (
    <Text color="fg.muted">{strings.common.empty}</Text>
  ) : (
    <>
      <Flex align="end" aria-label={strings.overview.chart} gap="2px" h={`${HEIGHT_PX}px`} overflow="hidden" role="img">
        {bars.map((bar) => (
          <Box flex="1" key={bar.at} minW="2px" title={`${moment(bar.at)}: ${strings.overview.bar(bar.runs, bar.failed)}`}>
            <Box bg="green.solid" h={`${(HEIGHT_PX * (bar.runs - bar.failed)) / most}px`} />
            <Box bg="red.solid" h={`${(HEIGHT_PX * bar.failed) / most}px`} />
          </Box>
        ))}
      </Flex>
      <Flex color="fg.muted" fontSize="xs" justify="space-between" mt={1}>
        <Text>{day(first.at)}</Text>
        <Text>{day(last.at)}</Text>
      </Flex>
      <Text color="fg.muted" fontSize="xs">
        {strings.overview.legend}
      </Text>
    </>
  );
};
