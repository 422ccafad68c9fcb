import { Table, Text } from "@chakra-ui/react";
import { Link } from "react-router-dom";

import type { Body } from "src/api/client";
import { useForecasts } from "src/api/monitoring";
import { DataTable } from "src/ui/DataTable";
import { duration, moment, percent } from "src/ui/format";
import { dagPage, runTab } from "src/ui/links";
import { Answered, EmptyState } from "src/ui/parts";
import { strings } from "src/ui/strings";
import { blame, range } from "src/views/ForecastView";

type Running = Body<"RunningForecastBody">;
const texts = strings.forecast;
const COLUMNS = 6;

/** When it will be over; said plainly where the history is too short for that. */
const Foreseen = ({ run }: { readonly run: Running }) => {
  const { deadline_seconds: deadline, forecast } = run;

  if (forecast === null) {
    return (
      <Table.Cell color="fg.muted" colSpan={COLUMNS - 2}>
        {texts.noneYet}
      </Table.Cell>
    );
  }

  return (
    <>
      <Table.Cell whiteSpace="nowrap">{duration(forecast.elapsed)}</Table.Cell>
      <Table.Cell>
        {range(forecast)}
        {forecast.enough_runs ? undefined : <Text color="fg.muted">{texts.fewRuns(forecast.runs)}</Text>}
      </Table.Cell>
      <Table.Cell>
        {deadline === null ? texts.noDeadline : percent(forecast.miss_probability)}
        {deadline === null ? undefined : <Text color="fg.muted">{texts.deadline(duration(deadline))}</Text>}
      </Table.Cell>
      <Table.Cell>{blame(forecast)}</Table.Cell>
    </>
  );
};

/** The runs that go on in all DAGs, those most likely to be late first. */
export const RunningList = () => (
  <Answered query={useForecasts()}>
    {({ running, total }) =>
      running.length === 0 ? (
        <EmptyState title={texts.nothingRuns} />
      ) : (
        <>
          <DataTable columns={texts.allColumns} label={texts.running} minWidth={860}>
            {running.map((run) => (
              <Table.Row key={`${run.dag_id}/${run.run_id}`}>
                <Table.Cell>
                  <Link to={`${dagPage(run.dag_id)}/plugin/wfintel_dag`}>{run.dag_id}</Link>
                </Table.Cell>
                <Table.Cell>
                  <Link to={runTab(run.dag_id, run.run_id)}>
                    {run.forecast === null ? run.run_id : texts.due(moment(run.forecast.due))}
                  </Link>
                </Table.Cell>
                <Foreseen run={run} />
              </Table.Row>
            ))}
          </DataTable>
          {total > running.length ? (
            <Text color="fg.muted" fontSize="sm" mt={2}>
              {texts.shown(running.length, total)}
            </Text>
          ) : undefined}
        </>
      )
    }
  </Answered>
);
