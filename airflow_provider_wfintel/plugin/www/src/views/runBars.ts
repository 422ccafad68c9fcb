import type { RunPicture, RunTask } from "src/api/airflow";
import { criticalPath, type Ran } from "src/features/gantt/criticalPath";
import type { Bar } from "src/features/gantt/scale";

const seconds = (iso: string | null, from: number): number | undefined =>
  iso === null ? undefined : (Date.parse(iso) - from) / 1000;

const label = (task: RunTask) => (task.map_index < 0 ? task.task_id : `${task.task_id} [${task.map_index}]`);

/** The task instances that ran, in seconds since the run started; what still runs ends now. */
export const ranOf = ({ run, tasks, upstream }: RunPicture, now: number): ReadonlyArray<Ran & { readonly state: string }> => {
  const began = run.start_date === null ? Math.min(...tasks.flatMap((task) => (task.start_date ? [Date.parse(task.start_date)] : [])), now) : Date.parse(run.start_date);
  const labels = new Map<string, Array<string>>();

  for (const task of tasks) {
    labels.set(task.task_id, [...(labels.get(task.task_id) ?? []), label(task)]);
  }

  return tasks.flatMap((task) => {
    const start = seconds(task.start_date, began);

    return start === undefined
      ? []
      : [
          {
            end: seconds(task.end_date, began) ?? (now - began) / 1000,
            id: label(task),
            start: Math.max(0, start),
            state: task.state ?? "",
            upstream: (upstream.get(task.task_id) ?? []).flatMap((id) => labels.get(id) ?? []),
          },
        ];
  });
};

export const barsOf = (ran: ReturnType<typeof ranOf>): ReadonlyArray<Bar> => {
  const path = new Set(criticalPath(ran));

  return ran.map((task) => ({
    critical: path.has(task.id),
    end: Math.max(task.end, task.start),
    id: task.id,
    start: task.start,
    state: task.state,
  }));
};
