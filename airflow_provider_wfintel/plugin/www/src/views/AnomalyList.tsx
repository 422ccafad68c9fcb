import { Badge, Box, Button, Flex, Text } from "@chakra-ui/react";
import { Link } from "react-router-dom";

import type { Body } from "src/api/client";
import { useAnomalies, useMark } from "src/api/monitoring";
import { moment } from "src/ui/format";
import { dagPage, runPage } from "src/ui/links";
import { MoreButton } from "src/ui/MoreButton";
import { Answered, EmptyState, ErrorAlert } from "src/ui/parts";
import { Rate } from "src/ui/Rate";
import { strings } from "src/ui/strings";

const texts = strings.monitor;

const AnomalyRow = ({ anomaly }: { readonly anomaly: Body<"AnomalyBody"> }) => {
  const mark = useMark();
  const say = (incident: boolean) =>
    mark.mutate({ anomalyId: anomaly.anomaly_id, dagId: anomaly.dag_id, incident });

  return (
    <Box borderRadius="md" borderWidth={1} mb={2} p={3}>
      <Flex gap={2} justify="space-between" wrap="wrap">
        <Box minW={0}>
          <Flex align="center" gap={2} wrap="wrap">
            <Badge>{anomaly.kind.replaceAll("_", " ")}</Badge>
            <Link to={anomaly.run_id === "" ? dagPage(anomaly.dag_id) : runPage(anomaly.dag_id, anomaly.run_id)}>
              {anomaly.dag_id}
            </Link>
            {anomaly.mark === "" ? undefined : <Badge variant="outline">{anomaly.mark.replaceAll("_", " ")}</Badge>}
          </Flex>
          <Text fontSize="sm">{anomaly.message}</Text>
          <Text color="fg.muted" fontSize="sm">
            {moment(anomaly.at)}
          </Text>
        </Box>
        <Flex align="start" gap={2} wrap="wrap">
          <Button
            disabled={mark.isPending || anomaly.mark === "false_alarm"}
            onClick={() => say(false)}
            size="xs"
            variant="outline"
          >
            {texts.falseAlarm}
          </Button>
          <Button
            disabled={mark.isPending || anomaly.mark === "incident"}
            onClick={() => say(true)}
            size="xs"
            variant="outline"
          >
            {texts.incident}
          </Button>
        </Flex>
      </Flex>
      {anomaly.mark === "" ? undefined : (
        <Rate
          dagId={anomaly.dag_id}
          subject="insight"
          subjectId={anomaly.anomaly_id}
          verdict={anomaly.mark === "incident" ? "accepted" : "rejected"}
        />
      )}
      {mark.error === null ? undefined : <ErrorAlert title={mark.error.message} />}
    </Box>
  );
};

/** Runs that were not as usual, the newest first. */
export const AnomalyList = ({ dagId = "" }: { readonly dagId?: string }) => {
  const pages = useAnomalies(dagId);

  return (
    <Answered query={pages}>
      {(page) =>
        page.anomalies.length === 0 ? (
          <EmptyState title={texts.noAnomaly} />
        ) : (
          <>
            {page.anomalies.map((anomaly) => (
              <AnomalyRow anomaly={anomaly} key={anomaly.anomaly_id} />
            ))}
            <MoreButton more={pages.more} />
          </>
        )
      }
    </Answered>
  );
};
