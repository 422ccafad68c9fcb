import { Flex, Stack } from "@chakra-ui/react";
import { Link } from "react-router-dom";

import { useAlerts } from "src/api/alerts";
import { useHealthOfInstallation, useSatisfaction } from "src/api/hooks";
import { useHealth, useOverviewMetrics } from "src/api/monitoring";
import { RunBars } from "src/features/charts/RunBars";
import { duration, percent } from "src/ui/format";
import { ownPage } from "src/ui/links";
import { Answered, Section, StatCard } from "src/ui/parts";
import { strings } from "src/ui/strings";

const texts = strings.overview;
const DAYS = 7;

/** Asked, not computed: the mean of what people said. */
const Satisfaction = () => {
  const { data } = useSatisfaction();

  return data === undefined ? undefined : (
    <StatCard
      detail={texts.asked(data.rated)}
      label={texts.satisfaction}
      value={data.average === null ? "–" : data.average.toFixed(1)}
    />
  );
};

const Health = () => {
  const { data } = useHealth();
  const deployment = data?.groups.find((group) => group.name === "deployment");

  return deployment === undefined ? undefined : (
    <StatCard
      detail={strings.monitor.worst(deployment.dags, deployment.worst_dag)}
      label={strings.card.health}
      value={deployment.score.toFixed(0)}
    />
  );
};

const Week = () => (
  <Answered query={useOverviewMetrics(DAYS)}>
    {({ series, total }) => (
      <>
        <Flex gap={4} mb={4} wrap="wrap">
          <StatCard label={texts.runs} value={total.runs} />
          <StatCard
            detail={texts.failed(total.failed_runs)}
            label={texts.success}
            value={total.runs === 0 ? "–" : percent(1 - total.failed_runs / total.runs, 1)}
          />
          <StatCard detail={texts.retried(total.retries)} label={texts.tries} value={total.tries} />
          <StatCard label={texts.slotTime} value={duration(total.slot_seconds)} />
        </Flex>
        <RunBars bars={series.map((window) => ({ at: window.start, failed: window.failed_runs, runs: window.runs }))} />
      </>
    )}
  </Answered>
);

/** How the deployment does, at a glance. */
export const Overview = () => {
  const installation = useHealthOfInstallation();
  const alerts = useAlerts("firing");

  return (
    <Stack gap={4}>
      <Answered query={installation} rows={1}>
        {(found) => (
          <Flex gap={4} wrap="wrap">
            <Health />
            <StatCard
              label={strings.card.alerts}
              value={<Link to={ownPage("monitor")}>{alerts.data?.total ?? "–"}</Link>}
            />
            <Satisfaction />
            <StatCard
              detail={texts.catalog(found.services, found.airflow_version)}
              label={texts.version}
              value={found.version}
            />
          </Flex>
        )}
      </Answered>
      <Section title={texts.week(DAYS)}>
        <Week />
      </Section>
    </Stack>
  );
};
