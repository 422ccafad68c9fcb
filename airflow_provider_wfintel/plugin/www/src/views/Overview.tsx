import { Flex, Stack, Text } from "@chakra-ui/react";
import { Link } from "react-router-dom";

import { useAlerts } from "src/api/alerts";
import { useHealthOfInstallation, useSatisfaction } from "src/api/hooks";
import { useHealth, useOverviewMetrics } from "src/api/monitoring";
import { RunBars } from "src/features/charts/RunBars";
import { count, duration, percent } from "src/ui/format";
import { dagPage, ownPage } from "src/ui/links";
import { Answered, Section, StatCard } from "src/ui/parts";
import { strings } from "src/ui/strings";

const texts = strings.overview;
const DAYS = 7;

/** Asked, not computed: the mean of what people said. */
const Satisfaction = () => {
  const { data } = useSatisfaction();

  // Its place is kept until the answer is there: nothing jumps under the hand.
  return (
    <StatCard
      detail={data === undefined ? "" : texts.asked(data.rated)}
      label={texts.satisfaction}
      value={data?.average?.toFixed(1) ?? "–"}
    />
  );
};

const Health = () => {
  const { data } = useHealth();
  const deployment = data?.groups.find((group) => group.name === "deployment");

  return (
    <StatCard
      detail={deployment === undefined ? "" : strings.monitor.worst(deployment.dags, deployment.worst_dag)}
      label={strings.card.health}
      value={deployment?.score.toFixed(0) ?? "–"}
    />
  );
};

/** The answer first, as a sentence that leads to what it tells of. */
const Answer = () => {
  const alerts = useAlerts("firing").data?.total;
  const worst = useHealth().data?.dags[0];

  return (
    <Text aria-live="polite" fontSize="lg" fontWeight="semibold" minH="1.5em">
      {alerts === undefined ? (
        ""
      ) : (
        <Link to={alerts === 0 && worst !== undefined ? `${dagPage(worst.dag_id)}/plugin/wfintel_dag` : ownPage("monitor")}>
          {texts.answer(alerts, worst?.dag_id ?? "")}
        </Link>
      )}
    </Text>
  );
};

const Week = () => (
  <Answered query={useOverviewMetrics(DAYS)}>
    {({ series, total }) => (
      <>
        <Flex gap={4} mb={4} wrap="wrap">
          <StatCard label={texts.runs} value={count(total.runs)} />
          <StatCard
            detail={texts.failed(total.failed_runs)}
            label={texts.success}
            value={total.runs === 0 ? "–" : percent(1 - total.failed_runs / total.runs, 1)}
          />
          <StatCard detail={texts.retried(total.retries)} label={texts.tries} value={count(total.tries)} />
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
      <Answer />
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
