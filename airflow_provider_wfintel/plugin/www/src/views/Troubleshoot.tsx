import { Box, Button, Field, Grid, Heading, Stack, Text, Textarea } from "@chakra-ui/react";
import { useMemo, useState } from "react";

import { useAnalyzeLog } from "src/api/hooks";
import { evidenceLines } from "src/features/logs/evidence";
import { type Goal, LogView } from "src/features/logs/LogView";
import { Answered, Section } from "src/ui/parts";
import { Rate } from "src/ui/Rate";
import { strings } from "src/ui/strings";
import { Diagnosis } from "src/views/Diagnosis";
import { IncidentList } from "src/views/IncidentList";
import { SessionList } from "src/views/SessionList";

const texts = strings.troubleshoot;
const NONE: ReadonlyArray<string> = [];

/** A log that somebody has, explained. */
const PastedLog = () => {
  const [log, setLog] = useState("");
  const [goTo, setGoTo] = useState<Goal>();
  const analysis = useAnalyzeLog();
  const quotes = analysis.data?.evidence ?? NONE;
  const lines = useMemo(() => log.split("\n"), [log]);
  const marked = useMemo(() => new Set(evidenceLines(lines, quotes)), [lines, quotes]);

  return (
    <Stack gap={4}>
      <Box>
        <Heading as="h2" size="md">
          {texts.heading}
        </Heading>
        <Text color="fg.muted">{texts.intro}</Text>
      </Box>
      <Field.Root>
        <Field.Label>{texts.log}</Field.Label>
        <Textarea
          fontFamily="mono"
          fontSize="xs"
          onChange={(event) => {
            setLog(event.target.value);
            analysis.reset();
          }}
          rows={6}
          value={log}
        />
      </Field.Root>
      <Box>
        <Button disabled={log.trim() === ""} loading={analysis.isPending} onClick={() => analysis.mutate(log)}>
          {texts.analyze}
        </Button>
      </Box>
      <Answered query={{ data: analysis.data, error: analysis.error, isLoading: analysis.isPending }}>
        {(diagnosis) => (
          <Grid gap={4} templateColumns={{ base: "minmax(0, 1fr)", xl: "minmax(0, 1fr) minmax(0, 1fr)" }}>
            <Stack gap={4}>
              <Diagnosis
                diagnosis={diagnosis}
                onEvidence={(quote) => setGoTo({ line: evidenceLines(lines, [quote])[0] })}
              />
              <Rate subject="diagnosis" subjectId={`pasted/${diagnosis.label}`} />
            </Stack>
            <LogView evidence={marked} goTo={goTo} lines={lines} />
          </Grid>
        )}
      </Answered>
    </Stack>
  );
};

/** What failed here and what became of it; below, a log from elsewhere. */
export const Troubleshoot = () => (
  <Stack gap={6}>
    <Section title={strings.incidents.title}>
      <IncidentList />
    </Section>
    <Section title={strings.session.title}>
      <SessionList />
    </Section>
    <Section title={texts.pasted}>
      <PastedLog />
    </Section>
  </Stack>
);
