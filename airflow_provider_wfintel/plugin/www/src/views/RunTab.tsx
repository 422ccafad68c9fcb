import { Flex, Stack, Text } from "@chakra-ui/react";
import { useMemo } from "react";

import { type RunPicture, useRun } from "src/api/airflow";
import { criticalPath, whereTimeWent } from "src/features/gantt/criticalPath";
import { Gantt } from "src/features/gantt/Gantt";
import { duration, percent } from "src/ui/format";
import { Answered, EmptyState, Section, StatCard } from "src/ui/parts";
import { Rate } from "src/ui/Rate";
import { strings } from "src/ui/strings";
import { barsOf, ranOf } from "src/views/runBars";

const texts = strings.run;

const Picture = ({ picture }: { readonly picture: RunPicture }) => {
  const ran = useMemo(() => ranOf(picture, Date.now()), [picture]);
  const bars = useMemo(() => barsOf(ran), [ran]);

  if (ran.length === 0) {
    return <EmptyState title={texts.nothingRan} />;
  }
  const path = criticalPath(ran);
  const { waits, work } = whereTimeWent(ran);
  const all = Math.max(...ran.map((task) => task.end));
  const slowest = ran
    .filter((task) => path.includes(task.id))
    .reduce((most, task) => (task.end - task.start > most.end - most.start ? task : most));

  return (
    <Stack gap={4}>
      <Text fontSize="lg" fontWeight="semibold">
        {texts.answer(slowest.id, duration(slowest.end - slowest.start), percent((slowest.end - slowest.start) / all))}
      </Text>
      <Flex gap={4} wrap="wrap">
        <StatCard label={texts.length(picture.run.end_date !== null)} value={duration(all)} />
        <StatCard detail={percent(work / all)} label={texts.work} value={duration(work)} />
        <StatCard detail={percent(waits / all)} label={texts.waits} value={duration(waits)} />
      </Flex>
      <Section title={texts.path}>
        <Text>{path.join(" → ")}</Text>
      </Section>
      <Section title={strings.gantt.title}>
        <Gantt after={bars} />
      </Section>
    </Stack>
  );
};

/** What made a run as long as it was, on the page of the run. */
export const RunTab = ({ dagId, runId }: { readonly dagId: string; readonly runId: string }) => (
  <Stack gap={4} p={4}>
    <Answered query={useRun(dagId, runId)}>
      {(picture) => (
        <>
          <Picture picture={picture} />
          <Rate dagId={dagId} subject="insight" subjectId={`run/${dagId}/${runId}`} />
        </>
      )}
    </Answered>
  </Stack>
);
