import { Grid, Text } from "@chakra-ui/react";
import { useMemo, useState } from "react";
import { useParams } from "react-router-dom";

import { linesOf, useTryLog } from "src/api/airflow";
import type { Body } from "src/api/client";
import { useSession } from "src/api/sessions";
import { evidenceLines } from "src/features/logs/evidence";
import { type Goal, LogView } from "src/features/logs/LogView";
import { Answered } from "src/ui/parts";
import { strings } from "src/ui/strings";
import { SessionView } from "src/views/SessionView";

/** A session with the log of its try: what proves the cause is marked there. */
const WithLog = ({ detail }: { readonly detail: Body<"SessionDetailBody"> }) => {
  const { dag_id: dagId, evidence, map_index: mapIndex, run_id: runId, task_id: taskId, try_number: tryNumber } = detail.session;
  const [goTo, setGoTo] = useState<Goal>();
  const log = useTryLog({ dagId, mapIndex, runId, taskId }, tryNumber);
  const shown = useMemo(() => linesOf(log.data ?? []), [log.data]);
  const marked = useMemo(() => new Set(evidenceLines(shown, evidence)), [evidence, shown]);

  return (
    <Grid gap={4} templateColumns={{ base: "minmax(0, 1fr)", xl: "minmax(0, 1fr) minmax(0, 1fr)" }}>
      <SessionView
        detail={detail}
        onEvidence={shown.length === 0 ? undefined : (quote) => setGoTo({ line: evidenceLines(shown, [quote])[0] })}
      />
      <Answered query={log} rows={8}>
        {(lines) =>
          lines.length === 0 ? (
            <Text color="fg.muted">{strings.session.noLog}</Text>
          ) : (
            <LogView evidence={marked} goTo={goTo} lines={shown} />
          )
        }
      </Answered>
    </Grid>
  );
};

/** One session under an address of its own. */
export const SessionPage = () => {
  const { sessionId } = useParams();

  return <Answered query={useSession(sessionId)}>{(detail) => <WithLog detail={detail} />}</Answered>;
};
