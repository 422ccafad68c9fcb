import { Box, Flex, Text } from "@chakra-ui/react";
import { Link } from "react-router-dom";

import { useAlerts } from "src/api/alerts";
import { useHealth } from "src/api/monitoring";
import { dagPage, ownPage } from "src/ui/links";
import { Answered, StatCard } from "src/ui/parts";
import { strings } from "src/ui/strings";

const texts = strings.card;

/** The card on Airflow's home page: is anything wrong, and where. */
export const DashboardCard = () => {
  const alerts = useAlerts("firing");
  const health = useHealth();
  const worst = health.data?.dags[0];

  return (
    <Box borderRadius="md" borderWidth={1} p={4}>
      <Text fontWeight="semibold" mb={2}>
        <Link to={ownPage("")}>{strings.title}</Link>
      </Text>
      <Answered query={health} rows={1}>
        {(found) =>
          found.dags.length === 0 ? (
            <Text color="fg.muted">{strings.monitor.noHealth}</Text>
          ) : (
          <Flex gap={4} wrap="wrap">
            <StatCard
              label={texts.health}
              value={found.groups.find((group) => group.name === "deployment")?.score.toFixed(0) ?? "–"}
            />
            <StatCard
              label={texts.alerts}
              value={<Link to={ownPage("monitor")}>{alerts.data?.total ?? "–"}</Link>}
            />
            {worst === undefined ? undefined : (
              <StatCard
                detail={worst.dag_id}
                label={texts.worst}
                value={<Link to={`${dagPage(worst.dag_id)}/plugin/wfintel_dag`}>{worst.score.toFixed(0)}</Link>}
              />
            )}
          </Flex>
          )
        }
      </Answered>
    </Box>
  );
};
