import { Badge, Box, Button, Flex, List, Stack, Table, Text } from "@chakra-ui/react";

import { ApiError } from "src/api/client";
import { type Analysis, type Bottleneck, type Change, type Rewrite, useApply } from "src/api/optimization";
import { DiffView } from "src/features/diff/DiffView";
import { downloadText } from "src/ui/files";
import { duration, percent } from "src/ui/format";
import { ErrorAlert, Section, StatCard } from "src/ui/parts";
import { Rate } from "src/ui/Rate";
import { strings } from "src/ui/strings";

const texts = strings.optimize;

const gain = (before: number | null | undefined, after: number | null | undefined): number | undefined =>
  before === null || before === undefined || after === null || after === undefined || before === 0
    ? undefined
    : 1 - after / before;

/** The answer in one sentence: what can be gained, or that there is nothing to gain. */
export const answerOf = (analysis: Analysis): string => {
  const { after, after_rewrites: rewritten, before } = analysis.predicted;
  const best = Math.max(gain(before.p90_s, after.p90_s) ?? 0, gain(before.p90_s, rewritten?.p90_s) ?? 0);

  return analysis.run_time_changes.length === 0 && analysis.rewrites.length === 0
    ? texts.nothing
    : texts.gain(percent(best, 1), duration(before.p90_s));
};

const Bottlenecks = ({ items }: { readonly items: ReadonlyArray<Bottleneck> }) => (
  <Section title={texts.bottlenecks}>
    {items.length === 0 ? (
      <Text color="fg.muted">{texts.noBottleneck}</Text>
    ) : (
      <Box overflowX="auto" tabIndex={0}>
        <Table.Root size="sm">
          <Table.Header>
            <Table.Row>
              {texts.bottleneckColumns.map((column) => (
                <Table.ColumnHeader key={column}>{column}</Table.ColumnHeader>
              ))}
            </Table.Row>
          </Table.Header>
          <Table.Body>
            {items.map((item) => (
              <Table.Row key={`${item.kind}${item.tasks.join()}`}>
                <Table.Cell>{item.kind.replaceAll(/[-_]/gu, " ")}</Table.Cell>
                <Table.Cell whiteSpace="nowrap">{duration(item.saves_s)}</Table.Cell>
                <Table.Cell>{item.explanation}</Table.Cell>
              </Table.Row>
            ))}
          </Table.Body>
        </Table.Root>
      </Box>
    )}
  </Section>
);

const Changes = ({ items, title }: { readonly items: ReadonlyArray<Change>; readonly title: string }) =>
  items.length === 0 ? undefined : (
    <Section title={title}>
      {items.map((item) => (
        <Box key={item.measure + item.title} mb={3}>
          <Text fontWeight="medium">{item.title}</Text>
          <Text fontSize="sm">{item.reason}</Text>
          <List.Root color="fg.muted" fontSize="sm" ps={5}>
            {item.evidence.map((line) => (
              <List.Item key={line}>{line}</List.Item>
            ))}
          </List.Root>
          {item.risk_note === "" ? undefined : <Badge colorPalette="orange">{item.risk_note}</Badge>}
        </Box>
      ))}
    </Section>
  );

const Rewrites = ({ items }: { readonly items: ReadonlyArray<Rewrite> }) =>
  items.length === 0 ? undefined : (
    <Section title={texts.rewrites}>
      {items.map((item) => (
        <Box key={item.rewrite + item.title} mb={3}>
          <Text fontWeight="medium">{item.title}</Text>
          {item.reason === undefined ? undefined : <Text fontSize="sm">{item.reason}</Text>}
          {item.proof === undefined ? undefined : (
            <Text color="fg.muted" fontSize="sm">
              {texts.proof(String(item.proof))}
            </Text>
          )}
        </Box>
      ))}
    </Section>
  );

/** An analysis: what costs time, what would pay, and what was predicted. */
export const AnalysisView = ({ analysis }: { readonly analysis: Analysis }) => {
  const apply = useApply();
  const { after, after_rewrites: rewritten, before } = analysis.predicted;
  const runs = Number(analysis.history.runs ?? 0);

  return (
    <Stack gap={4}>
      <Text aria-live="polite" fontSize="lg" fontWeight="semibold">
        {answerOf(analysis)}
      </Text>
      <Flex gap={4} wrap="wrap">
        <StatCard detail={runs === 0 ? texts.noHistory : texts.runs(runs)} label={texts.before} value={duration(before.p90_s)} />
        <StatCard label={texts.after} value={duration(after.p90_s)} />
        {rewritten === undefined ? undefined : (
          <StatCard label={texts.afterRewrites} value={duration(rewritten.p90_s)} />
        )}
        <StatCard label={texts.slots} value={`${duration(before.slot_seconds)} → ${duration(after.slot_seconds)}`} />
      </Flex>
      <Section title={texts.path}>
        <Text>{analysis.critical_path.join(" → ")}</Text>
      </Section>
      <Bottlenecks items={analysis.bottlenecks} />
      <Changes items={analysis.run_time_changes} title={texts.changes} />
      {analysis.run_time_changes.length === 0 || analysis.optimization_id === "" ? undefined : (
        <Flex align="center" gap={2} wrap="wrap">
          <Button
            loading={apply.isPending}
            onClick={() =>
              apply.mutate({ action: "run_time", dag_id: analysis.dag_id, optimization_id: analysis.optimization_id })
            }
            size="sm"
          >
            {texts.apply}
          </Button>
          <Text color="fg.muted" fontSize="sm">
            {apply.isSuccess ? texts.applied : texts.applyHint}
          </Text>
        </Flex>
      )}
      {apply.error === null ? undefined : (
        <ErrorAlert hint={apply.error instanceof ApiError ? apply.error.hint : undefined} title={apply.error.message} />
      )}
      <Changes items={analysis.to_confirm} title={texts.toConfirm} />
      <Rewrites items={analysis.rewrites} />
      {analysis.source_note === "" ? undefined : <Text color="fg.muted">{analysis.source_note}</Text>}
      {analysis.patch === "" ? undefined : (
        <Section
          action={
            <Button
              onClick={() => downloadText(`${analysis.dag_id}.patch`, analysis.patch, "text/x-diff")}
              size="xs"
              variant="outline"
            >
              {strings.common.download}
            </Button>
          }
          title={strings.diff.title}
        >
          <DiffView patch={analysis.patch} />
        </Section>
      )}
      <Rate dagId={analysis.dag_id} subject="optimization" subjectId={analysis.optimization_id || analysis.dag_id} />
    </Stack>
  );
};
