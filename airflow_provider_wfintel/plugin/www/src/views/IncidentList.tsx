import { Badge, Box, Stack, Table, Text } from "@chakra-ui/react";
import { useMemo } from "react";
import { Link } from "react-router-dom";

import { useAlerts } from "src/api/alerts";
import { useSessions } from "src/api/sessions";
import { DataTable } from "src/ui/DataTable";
import { moment } from "src/ui/format";
import { ownPage, runTab, taskTab } from "src/ui/links";
import { Answered, EmptyState } from "src/ui/parts";
import { strings } from "src/ui/strings";
import { type Incident, incidentsOf } from "src/views/incidents";
import { statusColor } from "src/views/SessionView";

const texts = strings.incidents;
const ALERTS = 200;
const SHOWN = 20;

/** Where a person looks next: the page of our diagnosis, or of the run if no task is named. */
const LookLink = ({ incident }: { readonly incident: Incident }) => {
  const alert = [incident.root, ...incident.consequences].find((item) => item.task_id !== "") ?? incident.root;

  return alert.task_id === "" ? (
    <Link to={runTab(alert.dag_id, alert.run_id)}>{texts.run}</Link>
  ) : (
    <Link to={taskTab(alert.dag_id, alert.run_id, alert.task_id, alert.map_index)}>{texts.look}</Link>
  );
};

const IncidentRow = ({ incident }: { readonly incident: Incident }) => (
  <Table.Row>
    <Table.Cell>
      <Text>{incident.root.title}</Text>
      {incident.consequences.length === 0 ? undefined : (
        <Text color="fg.muted" fontSize="sm" title={incident.consequences.map((alert) => alert.title).join("\n")}>
          {texts.and(incident.consequences.length)}
        </Text>
      )}
    </Table.Cell>
    <Table.Cell whiteSpace="nowrap">{moment(incident.root.started_at)}</Table.Cell>
    <Table.Cell>
      <Badge variant="outline">{incident.root.status}</Badge>
    </Table.Cell>
    <Table.Cell>
      <Stack gap={1}>
        {incident.sessions.map((session) => (
          <Box key={session.session_id}>
            <Link to={ownPage(`troubleshoot/${session.session_id}`)}>
              {texts.session(session.label.replaceAll("_", " "), session.task_id)}
            </Link>{" "}
            <Badge colorPalette={statusColor[session.status]}>{session.status.replaceAll("_", " ")}</Badge>
          </Box>
        ))}
        <LookLink incident={incident} />
      </Stack>
    </Table.Cell>
  </Table.Row>
);

/** What went wrong, the newest first: each with what followed from it, and the way to its cause. */
export const IncidentList = () => {
  const alerts = useAlerts("", "", ALERTS);
  const sessions = useSessions("");
  const incidents = useMemo(
    () => incidentsOf(alerts.data?.alerts ?? [], sessions.data?.sessions ?? []).slice(0, SHOWN),
    [alerts.data, sessions.data],
  );

  return (
    <Answered query={alerts}>
      {() =>
        incidents.length === 0 ? (
          <EmptyState title={texts.none}>{texts.noneHint}</EmptyState>
        ) : (
          <DataTable columns={texts.columns} label={texts.title} minWidth={640}>
            {incidents.map((incident) => (
              <IncidentRow incident={incident} key={incident.root.alert_id} />
            ))}
          </DataTable>
        )
      }
    </Answered>
  );
};
