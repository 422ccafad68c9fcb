import { Button, Grid, Stack, Text } from "@chakra-ui/react";
import { useMemo, useState } from "react";
import { Link } from "react-router-dom";

import { endOfLog, linesOf, type TryRef, useTaskInstance, useTryLog } from "src/api/airflow";
import { ApiError } from "src/api/client";
import { useDiagnosis } from "src/api/hooks";
import { useOpenSession, useSession } from "src/api/sessions";
import { evidenceLines } from "src/features/logs/evidence";
import { type Goal, LogView } from "src/features/logs/LogView";
import { runTab } from "src/ui/links";
import { Answered, EmptyState, ErrorAlert } from "src/ui/parts";
import { Rate } from "src/ui/Rate";
import { strings } from "src/ui/strings";
import { Diagnosis } from "src/views/Diagnosis";
import { SessionView } from "src/views/SessionView";

const texts = strings.troubleshoot;
const FAILED = new Set(["failed", "up_for_retry"]);
const NONE: ReadonlyArray<string> = [];
// By its last characters a log that has grown differs from what it was.
const LAST = 200;

/** What can be done about it: asked for by a click, since a session is kept. */
const Remedies = ({ place }: { readonly place: TryRef }) => {
  const opening = useOpenSession();
  const session = useSession(opening.data?.session.session_id);

  if (opening.data !== undefined) {
    return <SessionView detail={session.data ?? opening.data} withDiagnosis={false} />;
  }

  return (
    <Stack gap={2}>
      <Button alignSelf="start" loading={opening.isPending} onClick={() => opening.mutate(place)} size="sm">
        {strings.session.open}
      </Button>
      {opening.error === null ? undefined : (
        <ErrorAlert
          hint={opening.error instanceof ApiError ? opening.error.hint : undefined}
          title={opening.error.message}
        />
      )}
    </Stack>
  );
};

const Explained = ({
  lines,
  place,
  state,
  tryNumber,
}: {
  readonly lines: Parameters<typeof endOfLog>[0];
  readonly place: TryRef;
  readonly state: string;
  readonly tryNumber: number;
}) => {
  const [goTo, setGoTo] = useState<Goal>();
  const shown = useMemo(() => linesOf(lines), [lines]);
  const end = useMemo(() => endOfLog(lines), [lines]);
  const diagnosis = useDiagnosis(end, state, [place, tryNumber, lines.length, end.slice(-LAST)]);
  const quotes = diagnosis.data?.evidence ?? NONE;
  const marked = useMemo(() => new Set(evidenceLines(shown, quotes)), [quotes, shown]);

  return (
    <Grid gap={4} templateColumns={{ base: "minmax(0, 1fr)", xl: "minmax(0, 1fr) minmax(0, 1fr)" }}>
      <Answered query={diagnosis}>
        {(answer) => (
          <Stack gap={4}>
            <Diagnosis diagnosis={answer} onEvidence={(quote) => setGoTo({ line: evidenceLines(shown, [quote])[0] })} />
            <Remedies place={place} />
            <Rate dagId={place.dagId} subject="diagnosis" subjectId={`${place.dagId}/${place.runId}/${place.taskId}`} />
          </Stack>
        )}
      </Answered>
      <LogView evidence={marked} goTo={goTo} lines={shown} />
    </Grid>
  );
};

/** Why this try failed, on the page of the task instance. */
export const TaskTab = ({ dagId, mapIndex, runId, taskId }: TryRef) => {
  const ref = { dagId, mapIndex, runId, taskId };
  const instance = useTaskInstance(ref);
  const state = instance.data?.state ?? "";
  const log = useTryLog(ref, FAILED.has(state) ? instance.data?.try_number : undefined);

  return (
    <Stack gap={4} p={4}>
      <Answered query={instance}>
        {() =>
          state === "upstream_failed" ? (
            <EmptyState title={texts.notRun}>
              <Link to={runTab(dagId, runId)}>{texts.lookAtRun}</Link>
            </EmptyState>
          ) : FAILED.has(state) ? (
            <Answered query={log} rows={6}>
              {(lines) => <Explained lines={lines} place={ref} state={state} tryNumber={instance.data?.try_number ?? 0} />}
            </Answered>
          ) : (
            <EmptyState title={texts.notFailed}>
              <Text>{texts.stateNow(state)}</Text>
            </EmptyState>
          )
        }
      </Answered>
    </Stack>
  );
};
