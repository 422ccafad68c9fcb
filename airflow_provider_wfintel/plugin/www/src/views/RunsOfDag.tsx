import { useMemo } from "react";

import { type PastRun, usePastRuns } from "src/api/airflow";
import { useAnomalies } from "src/api/monitoring";
import { RunHistory, type RunOfDag } from "src/features/charts/RunHistory";
import { runTab } from "src/ui/links";
import { Answered, EmptyState } from "src/ui/parts";
import { strings } from "src/ui/strings";

type Odd = ReadonlyArray<{ readonly kind: string; readonly mark: string; readonly message: string; readonly run_id: string }>;

/** The runs in the order of time, each with what was not as usual; what a person called a false alarm is none. */
export const historyOf = (dagId: string, runs: ReadonlyArray<PastRun>, odd: Odd, now: number): ReadonlyArray<RunOfDag> => {
  const byRun = new Map(odd.filter((item) => item.mark !== "false_alarm").map((item) => [item.run_id, item.message]));

  return runs
    .flatMap(({ dag_run_id: runId, end_date: end, start_date: start, state }) =>
      start === null
        ? []
        : [
            {
              at: start,
              odd: byRun.get(runId),
              runId,
              seconds: ((end === null ? now : Date.parse(end)) - Date.parse(start)) / 1000,
              state,
              to: runTab(dagId, runId),
            },
          ],
    )
    .sort((one, other) => Date.parse(one.at) - Date.parse(other.at));
};

/** The last runs of a DAG as bars; a click leads to where their time went. */
export const RunsOfDag = ({ dagId }: { readonly dagId: string }) => {
  const runs = usePastRuns(dagId);
  const odd = useAnomalies(dagId).data?.anomalies;
  const history = useMemo(() => historyOf(dagId, runs.data ?? [], odd ?? [], Date.now()), [dagId, odd, runs.data]);

  return (
    <Answered query={runs}>
      {() => (history.length === 0 ? <EmptyState title={strings.runs.none} /> : <RunHistory runs={history} />)}
    </Answered>
  );
};
