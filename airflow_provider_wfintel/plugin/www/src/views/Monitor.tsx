import { Stack } from "@chakra-ui/react";

import { Section } from "src/ui/parts";
import { strings } from "src/ui/strings";
import { AlertList } from "src/views/AlertList";
import { AnomalyList } from "src/views/AnomalyList";
import { HealthTable } from "src/views/HealthTable";
import { InsightList } from "src/views/InsightList";
import { RunningList } from "src/views/RunningList";
import { ScheduleView } from "src/views/ScheduleView";
import { ServiceList } from "src/views/ServiceList";

/** How the deployment does: what is wrong, how well each DAG is, what was not as usual. */
export const Monitor = () => (
  <Stack gap={4}>
    <Section title={strings.alerts.title}>
      <AlertList />
    </Section>
    <Section title={strings.forecast.running}>
      <RunningList />
    </Section>
    <Section title={strings.monitor.health}>
      <HealthTable />
    </Section>
    <Section title={strings.schedule.title}>
      <ScheduleView />
    </Section>
    <Section title={strings.services.title}>
      <ServiceList />
    </Section>
    <Section title={strings.monitor.anomalies}>
      <AnomalyList />
    </Section>
    <Section title={strings.monitor.insights}>
      <InsightList />
    </Section>
  </Stack>
);
