import { Box, Flex, Table, Text } from "@chakra-ui/react";
import { Link } from "react-router-dom";

import type { Body } from "src/api/client";
import { useForecast } from "src/api/monitoring";
import { DataTable } from "src/ui/DataTable";
import { duration, moment, percent } from "src/ui/format";
import { runPage } from "src/ui/links";
import { Answered, EmptyState, StatCard } from "src/ui/parts";
import { Rate } from "src/ui/Rate";
import { strings } from "src/ui/strings";

type Run = Body<"NextRunBody">;
const texts = strings.forecast;

export const range = (run: Run) => texts.range(duration(run.q10), duration(run.q50), duration(run.q90));

export const blame = (run: Run) =>
  run.blame.length === 0 ? "" : run.blame.map((item) => texts.blame(item.task_id, duration(item.seconds))).join("; ");

const Running = ({ dagId, runs }: { readonly dagId: string; readonly runs: Body<"ForecastBody">["running"] }) =>
  runs.length === 0 ? undefined : (
    <Box mt={3}>
      <DataTable columns={texts.columns} label={texts.running} minWidth={760}>
        {runs.map((run) => (
          <Table.Row key={run.run_id}>
            <Table.Cell>
              <Link to={runPage(dagId, run.run_id)}>{run.run_id}</Link>
            </Table.Cell>
            <Table.Cell>{duration(run.elapsed)}</Table.Cell>
            <Table.Cell>{range(run)}</Table.Cell>
            <Table.Cell>{percent(run.miss_probability)}</Table.Cell>
            <Table.Cell>{blame(run)}</Table.Cell>
          </Table.Row>
        ))}
      </DataTable>
    </Box>
  );

/** When the runs of a DAG will be over, and the odds of missing the deadline. */
export const ForecastView = ({ dagId }: { readonly dagId: string }) => (
  <Answered query={useForecast(dagId)}>
    {(forecast) =>
      forecast.next_run === null && forecast.running.length === 0 ? (
        <EmptyState title={texts.none} />
      ) : (
        <>
          <Flex gap={4} wrap="wrap">
            {forecast.next_run === null ? undefined : (
              <StatCard
                detail={
                  forecast.next_run.enough_runs
                    ? texts.due(moment(forecast.next_run.due))
                    : texts.fewRuns(forecast.next_run.runs)
                }
                label={texts.next}
                value={duration(forecast.next_run.q50)}
              />
            )}
            <StatCard label={texts.failure} value={percent(forecast.failure_probability)} />
            <StatCard
              detail={forecast.deadline_seconds === null ? texts.noDeadline : texts.deadline(duration(forecast.deadline_seconds))}
              label={texts.miss}
              value={percent(forecast.next_run?.miss_probability)}
            />
            {forecast.suggested_deadline === null ? undefined : (
              <StatCard detail={texts.suggestedWhy} label={texts.suggested} value={duration(forecast.suggested_deadline)} />
            )}
          </Flex>
          {forecast.next_run === null ? undefined : (
            <Text color="fg.muted" fontSize="sm" mt={2}>
              {texts.quantiles(range(forecast.next_run))} {blame(forecast.next_run)}
            </Text>
          )}
          <Running dagId={dagId} runs={forecast.running} />
          <Rate brief dagId={dagId} subject="insight" subjectId={`forecast/${dagId}`} />
        </>
      )
    }
  </Answered>
);
