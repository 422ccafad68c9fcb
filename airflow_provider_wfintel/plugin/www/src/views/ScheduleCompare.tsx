import { Flex, NativeSelect, Text } from "@chakra-ui/react";
import { useMemo, useState } from "react";

import type { Body } from "src/api/client";
import type { Analysis } from "src/api/optimization";
import { Gantt } from "src/features/gantt/Gantt";
import type { Bar } from "src/features/gantt/scale";
import { duration, percent } from "src/ui/format";
import { Section } from "src/ui/parts";
import { strings } from "src/ui/strings";

type Simulated = Body<"SimulatedTaskBody">;
type Side = "after" | "after_rewrites";
const texts = strings.optimize;
const NONE: ReadonlyArray<Simulated> = [];

export const barsOf = (tasks: ReadonlyArray<Simulated>): ReadonlyArray<Bar> =>
  tasks.map((task) => ({ critical: task.critical, end: task.end, id: task.task_id, queued: task.ready, start: task.start }));

const endOf = (tasks: ReadonlyArray<Simulated>) => Math.max(0, ...tasks.map((task) => task.end));

/** `1m 40s → 1m 20s (−20 %)` */
export const deltaOf = (before: ReadonlyArray<Simulated>, after: ReadonlyArray<Simulated>): string => {
  const [was, will] = [endOf(before), endOf(after)];
  const change = was === 0 ? 0 : will / was - 1;

  return texts.delta(duration(was), duration(will), `${change > 0 ? "+" : change < 0 ? "−" : "±"}${percent(Math.abs(change))}`);
};

/** The run of median length before and after, on one axis. */
export const ScheduleCompare = ({ schedules }: { readonly schedules: Analysis["schedules"] }) => {
  const rewritten = schedules.after_rewrites ?? NONE;
  const [side, setSide] = useState<Side>(rewritten.length > 0 ? "after_rewrites" : "after");
  const chosen = side === "after" ? schedules.after : rewritten;
  // Each side has the run that was simulated alike.
  const was = side === "after" ? schedules.before : (schedules.before_rewrites ?? NONE);
  const before = useMemo(() => barsOf(was), [was]);
  const after = useMemo(() => barsOf(chosen), [chosen]);

  return (
    <Section
      action={
        rewritten.length === 0 ? undefined : (
          <NativeSelect.Root maxW="260px" size="xs">
            <NativeSelect.Field
              aria-label={texts.compareWith}
              onChange={(event) => setSide(event.target.value as Side)}
              value={side}
            >
              <option value="after_rewrites">{texts.afterRewrites}</option>
              <option value="after">{texts.after}</option>
            </NativeSelect.Field>
            <NativeSelect.Indicator />
          </NativeSelect.Root>
        )
      }
      title={texts.compare}
    >
      <Flex gap={4} justify="space-between" mb={2} wrap="wrap">
        <Text fontWeight="medium">{deltaOf(was, chosen)}</Text>
        <Text color="fg.muted" fontSize="sm">
          {texts.compareHint}
        </Text>
      </Flex>
      <Gantt after={after} before={before} />
    </Section>
  );
};
