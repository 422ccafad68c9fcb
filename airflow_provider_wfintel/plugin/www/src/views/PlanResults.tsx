import { Badge, Button, Flex, Table, Text } from "@chakra-ui/react";

import type { Body } from "src/api/client";
import { useApply, useResults } from "src/api/optimization";
import { DataTable } from "src/ui/DataTable";
import { duration, moment, percent } from "src/ui/format";
import { Answered, Section } from "src/ui/parts";
import { strings } from "src/ui/strings";

type Result = Body<"ResultBody">;
const texts = strings.optimize;

const seconds = (value: unknown): string => (typeof value === "number" ? duration(value) : "–");

/** What real runs said: the reduction with its interval, and how many runs it rests on. */
export const measured = (values: Readonly<Record<string, unknown>>): string => {
  const { high, low, reduction, runs_after: runs } = values;

  return typeof reduction === "number" && typeof low === "number" && typeof high === "number"
    ? texts.measured(percent(reduction), percent(low), percent(high), Number(runs))
    : texts.tooFew(Number(runs ?? 0));
};

const after = (values: Result["predicted"]) => (values.after ?? {}) as Readonly<Record<string, unknown>>;

const Withdraw = ({ result }: { readonly result: Result }) => {
  const apply = useApply();

  return result.in_plan_file ? (
    <Button
      loading={apply.isPending}
      onClick={() =>
        apply.mutate({ action: "withdraw", dag_id: result.dag_id, optimization_id: result.optimization_id })
      }
      size="xs"
      variant={result.offer_revert ? "solid" : "outline"}
    >
      {texts.withdraw}
    </Button>
  ) : undefined;
};

/** Plans of a DAG: predicted, and measured once they were applied. */
export const PlanResults = ({ dagId }: { readonly dagId: string }) => (
  <Answered query={useResults(dagId)}>
    {(page) =>
      page.results.length === 0 ? undefined : (
        <Section title={texts.results}>
          <DataTable columns={texts.resultColumns} minWidth={640}>
            {page.results.map((result) => (
              <Table.Row key={result.optimization_id}>
                <Table.Cell whiteSpace="nowrap">{moment(result.created_at)}</Table.Cell>
                <Table.Cell>
                  <Flex gap={2}>
                    <Badge>{result.status}</Badge>
                    {result.offer_revert ? <Badge colorPalette="orange">{texts.slower}</Badge> : undefined}
                  </Flex>
                </Table.Cell>
                <Table.Cell>{[...result.changes, ...result.rewrites].join("; ")}</Table.Cell>
                <Table.Cell whiteSpace="nowrap">{seconds(after(result.predicted).makespan_s)}</Table.Cell>
                <Table.Cell whiteSpace="nowrap">
                  {result.measured === null ? (
                    <Text color="fg.muted">{texts.notMeasured}</Text>
                  ) : (
                    measured(result.measured)
                  )}
                </Table.Cell>
                <Table.Cell>
                  <Withdraw result={result} />
                </Table.Cell>
              </Table.Row>
            ))}
          </DataTable>
        </Section>
      )
    }
  </Answered>
);
