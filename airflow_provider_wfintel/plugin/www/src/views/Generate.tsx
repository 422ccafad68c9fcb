import { Box, Button, Field, Flex, Grid, Heading, List, NativeSelect, Stack, Text, Textarea } from "@chakra-ui/react";
import { memo, useCallback, useEffect, useMemo, useRef, useState } from "react";
import { useSearchParams } from "react-router-dom";

import type { Body } from "src/api/client";
import { type Edit, useGeneration, useTemplates } from "src/api/hooks";
import { PythonCode } from "src/features/code/PythonCode";
import { type Lines, taskLines } from "src/features/code/taskLines";
import { warmUp } from "src/features/graph/layout";
import { TaskGraph } from "src/features/graph/TaskGraph";
import { MarkedText } from "src/features/words/MarkedText";
import { Rate } from "src/ui/Rate";
import { downloadText } from "src/ui/files";
import { moment } from "src/ui/format";
import { Answered, EmptyState, Section } from "src/ui/parts";
import { strings } from "src/ui/strings";
import { edgesOf, nodesOf, specOf } from "src/views/generateSpec";
import { Notes, Services } from "src/views/generateParts";
import { readEdits } from "src/views/edits";
import { usePaused } from "src/views/pause";
import { SaveButton } from "src/views/SaveButton";
import { SpecForm } from "src/views/SpecForm";
import { TrialView } from "src/views/TrialView";

type Generation = Body<"GenerationBody">;
const texts = strings.generate;

const taskAt = (lines: ReadonlyMap<string, Lines>, line: number): string | undefined =>
  [...lines].find(([, [first, last]]) => line >= first && line <= last)?.[0];

type AnswerProps = {
  readonly answer: Generation;
  readonly edits: ReadonlyArray<Edit>;
  readonly onAdd: (sentence: string) => void;
  readonly onEdits: (edits: ReadonlyArray<Edit>) => void;
  readonly onText: (text: string) => void;
};

/** Drawn anew when the answer changes, and not at every key: who types must not wait for the page. */
const Answer = memo(({ answer, edits, onAdd, onEdits, onText }: AnswerProps) => {
  const [lit, setLit] = useState<string>();
  const spec = useMemo(() => specOf(answer), [answer]);
  const nodes = useMemo(() => nodesOf(spec), [spec]);
  const edges = useMemo(() => edgesOf(spec), [spec]);
  const lines = useMemo(() => taskLines(answer.source, nodes.map((node) => node.id)), [answer.source, nodes]);
  const pointLine = useCallback(
    (line: number | undefined) => setLit(line === undefined ? undefined : taskAt(lines, line)),
    [lines],
  );
  const markings = answer.evidence.flatMap((item) =>
    item.spans.map(([start, end]) => ({ end, id: item.task_id, start })),
  );

  return (
    <Stack gap={4}>
      <Text aria-live="polite" fontWeight="semibold">
        {texts.ready(nodes.length, answer.clarifications.length)}
      </Text>
      <Section title={texts.graph}>
        {nodes.length === 0 ? (
          <EmptyState title={texts.noGraph} />
        ) : (
          <TaskGraph edges={edges} lit={lit} nodes={nodes} onPoint={setLit} />
        )}
      </Section>
      <Grid gap={4} templateColumns={{ base: "minmax(0, 1fr)", xl: "minmax(0, 1fr) minmax(0, 2fr)" }}>
        <Stack gap={4} minW={0}>
          <Section title={texts.text}>
            <MarkedText lit={lit} markings={markings} onPoint={setLit} text={answer.text} />
          </Section>
          <Section title={texts.schedule}>
            <Text>{spec.schedule?.words ?? texts.noSchedule}</Text>
            {answer.next_runs.length === 0 ? undefined : (
              <List.Root aria-label={texts.nextRuns} color="fg.muted" fontSize="sm" mt={1} ps={4}>
                {answer.next_runs.map((run) => (
                  <List.Item key={run}>{moment(run)}</List.Item>
                ))}
              </List.Root>
            )}
          </Section>
          <Services mentions={answer.mentions} onText={onText} text={answer.text} />
          <SpecForm
            edits={edits}
            mentions={answer.mentions}
            onEdits={onEdits}
            onText={onText}
            operators={answer.operators}
            spec={spec}
            text={answer.text}
          />
          <Notes answer={answer} onAdd={onAdd} onText={onText} />
        </Stack>
        <Section
          action={
            <Flex gap={2} wrap="wrap">
              <Button onClick={() => downloadText(`${spec.dag_id}.py`, answer.source)} size="xs" variant="outline">
                {strings.common.download}
              </Button>
              <SaveButton edits={edits} key={answer.source} source={answer.source} text={answer.text} />
            </Flex>
          }
          title={texts.code}
        >
          <PythonCode
            lit={lit === undefined ? undefined : lines.get(lit)}
            onPointLine={pointLine}
            source={answer.source}
          />
        </Section>
      </Grid>
      <TrialView dagId={spec.dag_id} edits={edits} key={answer.source} text={answer.text} />
      <Rate key={spec.dag_id} subject="generation" subjectId={spec.dag_id} />
    </Stack>
  );
});

/** From words to a DAG file, as one types. */
export const Generate = () => {
  const [search, setSearch] = useSearchParams();
  const [text, setText] = useState(search.get("text") ?? "");
  const paused = usePaused(text);
  const [edits, setEdits] = useState(() => readEdits(search.get("edits")));
  const generation = useGeneration(paused, edits);
  const templates = useTemplates();
  const add = useCallback((sentence: string) => setText((before) => `${before.trimEnd()}\n\n${sentence}`), []);

  useEffect(warmUp, []);

  // What the address holds. It is written when something changes here, and not when the address itself does: a person
  // who leaves for another page must not be called back.
  const written = useRef(JSON.stringify([text, edits]));

  useEffect(() => {
    const wanted = JSON.stringify([paused, edits]);

    if (written.current === wanted) {
      return;
    }
    written.current = wanted;
    setSearch(
      { ...(paused === "" ? {} : { text: paused }), ...(edits.length === 0 ? {} : { edits: JSON.stringify(edits) }) },
      { replace: true },
    );
  }, [edits, paused, setSearch]);

  return (
    <Stack gap={4}>
      <Box>
        <Heading as="h2" size="md">
          {texts.heading}
        </Heading>
        <Text color="fg.muted">{texts.intro}</Text>
      </Box>
      <Field.Root>
        <Field.Label>{texts.text}</Field.Label>
        <Textarea
          onChange={(event) => setText(event.target.value)}
          placeholder={texts.placeholder}
          rows={4}
          value={text}
        />
      </Field.Root>
      <NativeSelect.Root maxW="420px" size="sm">
        <NativeSelect.Field
          aria-label={texts.examples}
          onChange={(event) => setText(event.target.value)}
          value=""
        >
          <option value="">{texts.examples}</option>
          {templates.data?.templates.map((item) => (
            <option key={item.id} value={item.text}>
              {item.title}
            </option>
          ))}
        </NativeSelect.Field>
        <NativeSelect.Indicator />
      </NativeSelect.Root>
      <Answered query={generation} rows={8}>
        {(answer) => (
          <Answer
            answer={answer}
            edits={edits}
            onAdd={add}
            onEdits={setEdits}
            onText={setText}
          />
        )}
      </Answered>
    </Stack>
  );
};
