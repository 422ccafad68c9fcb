import { Box, Flex, Text } from "@chakra-ui/react";
import { Link } from "react-router-dom";

import { duration, moment } from "src/ui/format";
import { strings } from "src/ui/strings";

/** One run: how long it took, how it ended, and what was not as usual about it. */
export type RunOfDag = {
  readonly at: string;
  readonly odd?: string;
  readonly runId: string;
  readonly seconds: number;
  readonly state: string;
  readonly to: string;
};

const texts = strings.runs;
const HEIGHT_PX = 80;
const LEAST_PX = 4;
// What a finger can hit, as WCAG 2.2 asks for.
const TARGET_PX = 24;
const COLORS: Record<string, string> = { failed: "red.solid", running: "cyan.solid", success: "green.solid" };

const said = (run: RunOfDag) =>
  [moment(run.at), run.state, duration(run.seconds), ...(run.odd === undefined ? [] : [run.odd])].join(" · ");

/** Where there is no room for all, the newest are in sight. */
const toTheEnd = (box: HTMLDivElement | null) => {
  if (box !== null) {
    box.scrollLeft = box.scrollWidth;
  }
};

/** The runs of a DAG, the newest on the right: as high as they were long. A mark above tells those that were not as usual. */
export const RunHistory = ({ runs }: { readonly runs: ReadonlyArray<RunOfDag> }) => {
  const most = Math.max(1, ...runs.map((run) => run.seconds));

  return (
    <Box overflowX="auto" ref={toTheEnd} tabIndex={0}>
      <Flex align="end" aria-label={texts.title} as="ol" gap="3px" h={`${HEIGHT_PX + 20}px`} listStyleType="none">
        {runs.map((run) => (
          <Box as="li" flex="1" key={run.runId} maxW="40px" minW={`${TARGET_PX}px`}>
            <Link aria-label={said(run)} title={said(run)} to={run.to}>
              <Flex align="center" direction="column" h={`${HEIGHT_PX + 20}px`} justify="end">
                {run.odd === undefined ? undefined : (
                  <Text aria-hidden color="orange.fg" fontSize="sm" fontWeight="bold" lineHeight="16px">
                    ▲
                  </Text>
                )}
                <Box
                  bg={COLORS[run.state] ?? "gray.solid"}
                  borderRadius="2px"
                  h={`${Math.max(LEAST_PX, (HEIGHT_PX * run.seconds) / most)}px`}
                  w="100%"
                />
              </Flex>
            </Link>
          </Box>
        ))}
      </Flex>
      <Text color="fg.muted" fontSize="xs">
        {texts.legend(duration(most))}
      </Text>
    </Box>
  );
};
