import { Badge, Box, Button, Flex, List, Stack, Table, Text } from "@chakra-ui/react";
import { Link } from "react-router-dom";

import { ApiError } from "src/api/client";
import { type Analysis, type Bottleneck, type Change, type Rewrite, type Suggestion, useApply } from "src/api/optimization";
import { DiffView } from "src/features/diff/DiffView";
import { DataTable } from "src/ui/DataTable";
import { downloadText } from "src/ui/files";
import { duration, percent } from "src/ui/format";
import { ErrorAlert, Section, StatCard } from "src/ui/parts";
import { POOLS } from "src/ui/links";
import { Rate } from "src/ui/Rate";
import { strings } from "src/ui/strings";
import { ScheduleCompare } from "src/views/ScheduleCompare";

const texts = strings.optimize;

const gain = (before: number | null | undefined, after: number | null | undefined): number | undefined =>
  before === null || before === undefined || after === null || after === undefined || before === 0
    ? undefined
    : 1 - after / before;

/** The answer in one sentence: what can be gained, or that there is nothing to gain. */
export const answerOf = (analysis: Analysis): string => {
  const { after, after_rewrites: rewritten, before, before_rewrites: read } = analysis.predicted;
  const best = Math.max(gain(before.p90_s, after.p90_s) ?? 0, gain((read ?? before).p90_s, rewritten?.p90_s) ?? 0);

  return analysis.run_time_changes.length === 0 && analysis.rewrites.length === 0
    ? texts.nothing
    : texts.gain(percent(best, 1), duration(before.p90_s));
};

const Bottlenecks = ({ items }: { readonly items: ReadonlyArray<Bottleneck> }) => (
  <Section title={texts.bottlenecks}>
    {items.length === 0 ? (
      <Text color="fg.muted">{texts.noBottleneck}</Text>
    ) : (
      <DataTable columns={texts.bottleneckColumns} minWidth={640}>
        {items.map((item) => (
          <Table.Row key={`${item.kind}${item.tasks.join()}`}>
            <Table.Cell>{item.kind.replaceAll(/[-_]/gu, " ")}</Table.Cell>
            <Table.Cell whiteSpace="nowrap">{duration(item.saves_s)}</Table.Cell>
            <Table.Cell>{item.explanation}</Table.Cell>
          </Table.Row>
        ))}
      </DataTable>
    )}
  </Section>
);

const RiskNote = ({ text }: { readonly text: string }) =>
  text === "" ? undefined : (
    <Text color="orange.fg" fontSize="sm">
      {text}
    </Text>
  );

/** What it brings, what it costs to do, and what may go wrong. */
const Facts = ({ item }: { readonly item: Rewrite }) => (
  <Flex gap={2} wrap="wrap">
    {item.predicted_makespan_s === undefined ? undefined : (
      <Badge>{texts.saves(duration(item.predicted_makespan_s.before), duration(item.predicted_makespan_s.after))}</Badge>
    )}
    {item.effort === undefined ? undefined : <Badge variant="outline">{texts.effort(item.effort)}</Badge>}
    {item.risk === undefined ? undefined : <Badge variant="outline">{texts.risk(item.risk)}</Badge>}
  </Flex>
);

const Pools = ({ pools }: { readonly pools: Analysis["pools_to_create"] }) =>
  pools.length === 0 ? undefined : (
    <Section title={texts.pools}>
      <List.Root mb={2} ps={5}>
        {pools.map((pool) => (
          <List.Item key={pool.name}>
            {texts.poolLine(pool.name, String(pool.slots_before ?? "–"), pool.slots)}
          </List.Item>
        ))}
      </List.Root>
      <Link to={POOLS}>{texts.poolsLink}</Link>
    </Section>
  );

const AdviceList = ({ items }: { readonly items: Analysis["deployment_advice"] }) =>
  items.length === 0 ? undefined : (
    <Section title={texts.advice}>
      <Text color="fg.muted" fontSize="sm">
        {texts.adviceHint}
      </Text>
      {items.map((item) => (
        <Box key={item.setting} mt={2}>
          <Text fontWeight="medium">
            {texts.adviceLine(
              item.setting,
              String(item.now),
              String(item.suggested),
              duration(item.makespan_s.before),
              duration(item.makespan_s.after),
            )}
          </Text>
          <Text fontSize="sm">{item.why}</Text>
          <RiskNote text={item.cost} />
        </Box>
      ))}
    </Section>
  );

const Changes = ({
  items,
  onConfirm,
  title,
}: {
  readonly items: ReadonlyArray<Change>;
  readonly onConfirm?: (measure: string) => void;
  readonly title: string;
}) =>
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
          <RiskNote text={item.risk_note} />
          {onConfirm === undefined ? undefined : (
            <Button mt={1} onClick={() => onConfirm(item.measure)} size="xs" variant="outline">
              {texts.confirm}
            </Button>
          )}
        </Box>
      ))}
    </Section>
  );

/** Changes of the file that nobody can prove: each is made once a person who knows the DAG has confirmed it. */
const Suggestions = ({
  items,
  onConfirm,
}: {
  readonly items: ReadonlyArray<Suggestion>;
  readonly onConfirm?: (word: string) => void;
}) =>
  items.length === 0 ? undefined : (
    <Section title={texts.suggestions}>
      {items.map((item) => (
        <Box key={item.rewrite + item.title} mb={3}>
          <Text fontWeight="medium">{item.title}</Text>
          <Text fontSize="sm">{item.reason}</Text>
          <Text color="fg.muted" fontSize="sm">
            {item.why_not_applied}
          </Text>
          <RiskNote text={item.risk_note} />
          {onConfirm === undefined || item.confirm === "" ? undefined : (
            <Button
              aria-label={`${texts.confirmFile}: ${item.title}`}
              mt={1}
              onClick={() => onConfirm(item.confirm)}
              size="xs"
              variant="outline"
            >
              {texts.confirmFile}
            </Button>
          )}
        </Box>
      ))}
    </Section>
  );

const Rewrites = ({ items, onSkip }: { readonly items: ReadonlyArray<Rewrite>; readonly onSkip?: (title: string) => void }) =>
  items.length === 0 ? undefined : (
    <Section title={texts.rewrites}>
      {items.map((item) => (
        <Box key={item.rewrite + item.title} mb={3}>
          <Flex align="center" gap={2} justify="space-between" wrap="wrap">
            <Text fontWeight="medium">{item.title}</Text>
            {onSkip === undefined ? undefined : (
              <Button
                aria-label={`${texts.skip}: ${item.title}`}
                onClick={() => onSkip(item.title)}
                size="xs"
                variant="outline"
              >
                {texts.skip}
              </Button>
            )}
          </Flex>
          <Facts item={item} />
          {item.reason === undefined ? undefined : <Text fontSize="sm">{item.reason}</Text>}
          {item.proof === undefined ? undefined : (
            <Text color="fg.muted" fontSize="sm">
              {texts.proof(String(item.proof))}
            </Text>
          )}
          <List.Root color="fg.muted" fontSize="sm" ps={5}>
            {item.evidence?.map((line) => (
              <List.Item key={line}>{line}</List.Item>
            ))}
          </List.Root>
          <RiskNote text={item.risk_note ?? ""} />
        </Box>
      ))}
    </Section>
  );

/** An analysis: what costs time, what would pay, and what was predicted. */
export const AnalysisView = ({
  analysis,
  onConfirm,
  onSkip,
}: {
  readonly analysis: Analysis;
  readonly onConfirm?: (measure: string) => void;
  readonly onSkip?: (title: string) => void;
}) => {
  const apply = useApply();
  const { after, after_rewrites: rewritten, before, before_rewrites: read } = analysis.predicted;
  const runs = Number(analysis.history.runs ?? 0);

  return (
    <Stack gap={4}>
      <Text aria-live="polite" fontSize="lg" fontWeight="semibold">
        {answerOf(analysis)}
      </Text>
      <Flex gap={4} wrap="wrap">
        <StatCard detail={runs === 0 ? texts.noHistory : texts.runs(runs)} label={texts.before} value={duration(before.p90_s)} />
        <StatCard label={texts.after} value={duration(after.p90_s)} />
        {rewritten === undefined || analysis.rewrites.length === 0 ? undefined : (
          <StatCard
            detail={texts.readBefore(duration((read ?? before).p90_s))}
            label={texts.afterRewrites}
            value={duration(rewritten.p90_s)}
          />
        )}
        <StatCard label={texts.slots} value={`${duration(before.slot_seconds)} → ${duration(after.slot_seconds)}`} />
      </Flex>
      <Section title={texts.path}>
        <Text>{analysis.critical_path.join(" → ")}</Text>
      </Section>
      <ScheduleCompare schedules={analysis.schedules} />
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
      <Changes items={analysis.to_confirm} onConfirm={onConfirm} title={texts.toConfirm} />
      <Rewrites items={analysis.rewrites} onSkip={onSkip} />
      <Suggestions items={analysis.suggestions} onConfirm={onConfirm} />
      <Pools pools={analysis.pools_to_create} />
      <AdviceList items={analysis.deployment_advice} />
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
