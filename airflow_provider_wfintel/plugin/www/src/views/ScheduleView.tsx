import { Box, Flex, List, NativeSelect, Text } from "@chakra-ui/react";
import { useMemo } from "react";
import { Link } from "react-router-dom";

import type { Body } from "src/api/client";
import { useSchedule } from "src/api/monitoring";
import { HeatMap } from "src/features/charts/HeatMap";
import { useChoice } from "src/ui/address";
import { hostTimeZone } from "src/ui/format";
import { dagPage } from "src/ui/links";
import { Answered, EmptyState } from "src/ui/parts";
import { strings } from "src/ui/strings";

const texts = strings.schedule;
const PERIODS = ["7", "28", "90"];
const SHOWN = 10;

const Collisions = ({ items }: { readonly items: Body<"ScheduleBody">["collisions"] }) => (
  <Box mt={3}>
    <Text fontWeight="medium">{items.length === 0 ? texts.noCollision : texts.collisions}</Text>
    <List.Root aria-label={texts.collisions} fontSize="sm" ps={5}>
      {items.slice(0, SHOWN).map((item) => (
        <List.Item key={item.at}>
          {texts.collision(item.at, item.dag_ids.length, item.runs)}{" "}
          {item.dag_ids.map((id, index) => (
            <span key={id}>
              {index === 0 ? "" : ", "}
              <Link to={dagPage(id)}>{id}</Link>
            </span>
          ))}
        </List.Item>
      ))}
    </List.Root>
  </Box>
);

/** When runs are at work in the week, and which DAGs start at the same time. */
export const ScheduleView = () => {
  const [days, setDays] = useChoice("weeks", PERIODS, "28");
  const schedule = useSchedule(Number(days), hostTimeZone());
  const cells = useMemo(
    () => schedule.data?.cells.map(({ at_work: value, hour, runs, weekday }) => ({ hour, runs, value, weekday })) ?? [],
    [schedule.data],
  );

  return (
    <Answered query={schedule}>
      {(found) =>
        found.cells.every((cell) => cell.runs === 0) ? (
          <EmptyState title={strings.monitor.noHealth} />
        ) : (
          <>
            <Flex align="center" gap={3} mb={2} wrap="wrap">
              <NativeSelect.Root maxW="180px" size="sm">
                <NativeSelect.Field
                  aria-label={strings.reports.period}
                  onChange={(event) => setDays(event.target.value)}
                  value={days}
                >
                  {PERIODS.map((item) => (
                    <option key={item} value={item}>
                      {strings.reports.days(Number(item))}
                    </option>
                  ))}
                </NativeSelect.Field>
                <NativeSelect.Indicator />
              </NativeSelect.Root>
              <Text color="fg.muted" fontSize="sm">
                {texts.zone(found.zone)}
              </Text>
            </Flex>
            <HeatMap cells={cells} />
            <Collisions items={found.collisions} />
          </>
        )
      }
    </Answered>
  );
};
