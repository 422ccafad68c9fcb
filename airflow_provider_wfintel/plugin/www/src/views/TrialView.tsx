import { Badge, Box, Button, List, Stack, Text } from "@chakra-ui/react";

import { ApiError, type Body } from "src/api/client";
import { type Edit, useHealthOfInstallation, useTrial } from "src/api/hooks";
import { duration } from "src/ui/format";
import { ErrorAlert, Section } from "src/ui/parts";
import { Rate } from "src/ui/Rate";
import { strings } from "src/ui/strings";

type Trial = Body<"TrialBody">;
type Task = NonNullable<NonNullable<Trial["runs"]>[number]["tasks"]>[number];
const texts = strings.trial;
const COLORS: Record<string, string> = { failed: "red", open: "orange", skipped: "pink", success: "green" };

const TaskLine = ({ task }: { readonly task: Task }) => (
  <List.Item>
    {task.task_id} <Badge colorPalette={COLORS[task.state]}>{task.state.replaceAll("_", " ")}</Badge>{" "}
    <Text as="span" color="fg.muted">
      {task.error !== "" && task.error !== undefined
        ? task.error
        : task.calls === undefined || task.calls.length === 0
          ? task.reason === "" || task.reason === undefined
            ? texts.nothingCalled
            : task.reason
          : task.calls.map((call) => texts.call(call.service, call.verb, call.target ?? "")).join("; ")}
    </Text>
  </List.Item>
);

export const TrialAnswer = ({ trial }: { readonly trial: Trial }) => (
  <Box aria-live="polite">
    <Text fontWeight="medium">
      {trial.missing !== undefined && trial.missing.length > 0
        ? texts.missing(trial.missing.join(", "))
        : trial.ok
          ? texts.ok(duration(trial.seconds))
          : texts.wrong}
    </Text>
    {trial.error === "" || trial.error === undefined ? undefined : <Text color="red.fg">{trial.error}</Text>}
    {trial.runs?.map((run) => (
      <Box key={run.answers} mt={2}>
        <Text fontSize="sm">{texts.answers[run.answers] ?? run.answers}</Text>
        <List.Root as="ol" fontSize="sm" ps={5}>
          {run.tasks?.map((task) => <TaskLine key={task.task_id} task={task} />)}
        </List.Root>
      </Box>
    ))}
  </Box>
);

/** Run the DAG with a stand-in for every outside service, where the administrator allowed it. */
export const TrialView = ({
  dagId,
  edits,
  text,
}: {
  readonly dagId: string;
  readonly edits: ReadonlyArray<Edit>;
  readonly text: string;
}) => {
  const installation = useHealthOfInstallation();
  const trial = useTrial();

  return installation.data?.tries_dags === true ? (
    <Section title={texts.title}>
      <Stack gap={2}>
        <Text color="fg.muted" fontSize="sm">
          {texts.hint}
        </Text>
        <Button
          alignSelf="start"
          loading={trial.isPending}
          onClick={() => trial.mutate({ edits, text })}
          size="sm"
          variant="outline"
        >
          {texts.start}
        </Button>
        {trial.data === undefined ? undefined : (
          <>
            <TrialAnswer trial={trial.data} />
            <Rate brief subject="generation" subjectId={`trial/${dagId}`} />
          </>
        )}
        {trial.error === null ? undefined : (
          <ErrorAlert hint={trial.error instanceof ApiError ? trial.error.hint : undefined} title={trial.error.message} />
        )}
      </Stack>
    </Section>
  ) : undefined;
};
