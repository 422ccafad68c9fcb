import { Box, Flex, Text } from "@chakra-ui/react";

import type { Body } from "src/api/client";
import { strings } from "src/ui/strings";

const WIDTH = 640;
const HEIGHT = 96;
const GAP = 2;

/** Bars over time as the mailed report has them, in the colours of the page. Each bar says its number. */
export const ReportChart = ({ chart }: { readonly chart: Body<"ReportChartBody"> }) => {
  const most = Math.max(0, ...chart.bars.map((bar) => bar.value)) || 1;
  const step = WIDTH / Math.max(1, chart.bars.length);
  const scale = HEIGHT / most;

  return (
    <Box minW={0}>
      <Text color="fg.muted" fontSize="xs">
        {strings.reports.most(most.toLocaleString("en"), chart.unit)}
      </Text>
      <Box asChild display="block" h={`${HEIGHT}px`} w="100%">
        <svg
          aria-label={`${chart.title}: ${strings.reports.most(most.toLocaleString("en"), chart.unit)}`}
          preserveAspectRatio="none"
          role="img"
          viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        >
          {chart.bars.map(({ bad, label, value }, index) => (
            <g key={label}>
              <title>{strings.reports.bar(label, value, chart.unit, chart.bad === "" ? "" : `${bad} ${chart.bad}`)}</title>
              <Box asChild fill="green.solid">
                <rect
                  height={scale * (value - bad)}
                  width={Math.max(1, step - GAP)}
                  x={index * step}
                  y={HEIGHT - scale * value}
                />
              </Box>
              <Box asChild fill="red.solid">
                <rect height={scale * bad} width={Math.max(1, step - GAP)} x={index * step} y={HEIGHT - scale * bad} />
              </Box>
            </g>
          ))}
        </svg>
      </Box>
      <Flex color="fg.muted" fontSize="xs" justify="space-between">
        <Text>{chart.bars[0]?.label}</Text>
        <Text>{chart.bars.at(-1)?.label}</Text>
      </Flex>
    </Box>
  );
};
