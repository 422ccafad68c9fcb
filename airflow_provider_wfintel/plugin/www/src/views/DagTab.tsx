import { Flex, List, Stack } from "@chakra-ui/react";

import { useHealth } from "src/api/monitoring";
import { Answered, EmptyState, Section } from "src/ui/parts";
import { Rate } from "src/ui/Rate";
import { strings } from "src/ui/strings";
import { AlertList } from "src/views/AlertList";
import { AnomalyList } from "src/views/AnomalyList";
import { ForecastView } from "src/views/ForecastView";
import { Score } from "src/views/HealthTable";
import { InsightList } from "src/views/InsightList";
import { OptimizeDag } from "src/views/Optimize";
import { RunsOfDag } from "src/views/RunsOfDag";

const Health = ({ dagId }: { readonly dagId: string }) => (
  <Answered query={useHealth(dagId)} rows={1}>
    {(health) => {
      const [dag] = health.dags;

      return dag === undefined ? (
        <EmptyState title={strings.monitor.noHealth} />
      ) : (
        <Stack gap={2}>
          <Flex align="start" gap={4} wrap="wrap">
            <Score enough={dag.enough_runs} score={dag.score} />
            <List.Root ps={5}>
              {dag.reasons.map((reason) => (
                <List.Item key={reason.name}>{reason.text}</List.Item>
              ))}
            </List.Root>
          </Flex>
          <Rate brief dagId={dagId} subject="insight" subjectId={`health/${dagId}`} />
        </Stack>
      );
    }}
  </Answered>
);

/** One DAG: how well it is, when it will be done, what was not as usual, what would make it better. */
export const DagTab = ({ dagId }: { readonly dagId: string }) => (
  <Stack gap={4} p={4}>
    <Section title={strings.monitor.health}>
      <Health dagId={dagId} />
    </Section>
    <Section title={strings.runs.title}>
      <RunsOfDag dagId={dagId} />
    </Section>
    <Section title={strings.forecast.title}>
      <ForecastView dagId={dagId} />
    </Section>
    <Section title={strings.alerts.title}>
      <AlertList dagId={dagId} />
    </Section>
    <Section title={strings.monitor.anomalies}>
      <AnomalyList dagId={dagId} />
    </Section>
    <Section title={strings.monitor.insights}>
      <InsightList dagId={dagId} />
    </Section>
    <Section title={strings.nav.optimize}>
      <OptimizeDag dagId={dagId} />
    </Section>
  </Stack>
);
