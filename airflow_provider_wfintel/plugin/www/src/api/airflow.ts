/** What we read of Airflow's own public REST API. */
import { useQuery } from "@tanstack/react-query";

import { address, ApiError } from "src/api/client";

const get = async <Answer>(path: string, signal?: AbortSignal): Promise<Answer> => {
  const response = await fetch(address(`api/v2/${path}`), {
    credentials: "same-origin",
    headers: { accept: "application/json" },
    signal,
  });

  if (!response.ok) {
    const body = (await response.json().catch(() => ({}))) as { detail?: unknown };

    throw new ApiError(
      typeof body.detail === "string" ? body.detail : response.statusText || `status ${response.status}`,
      response.status,
    );
  }

  return (await response.json()) as Answer;
};

export type TryRef = {
  readonly dagId: string;
  readonly mapIndex: number;
  readonly runId: string;
  readonly taskId: string;
};

type LogLine = string | { readonly event?: string; readonly [key: string]: unknown };
type TaskInstance = { readonly state: string | null; readonly try_number: number };
const LOG_PAGES = 20;

const placeOf = ({ dagId, runId, taskId }: TryRef) =>
  `dags/${encodeURIComponent(dagId)}/dagRuns/${encodeURIComponent(runId)}/taskInstances/${encodeURIComponent(taskId)}`;

/** A task instance as it is now. */
export const useTaskInstance = (ref: TryRef) =>
  useQuery({
    queryFn: ({ signal }) =>
      get<TaskInstance>(ref.mapIndex < 0 ? placeOf(ref) : `${placeOf(ref)}/${ref.mapIndex}`, signal),
    queryKey: ["task instance", ref],
  });

/** The log of one try, as the lines that Airflow keeps; at most the first pages of a very long one. */
export const useTryLog = (ref: TryRef, tryNumber: number | undefined) =>
  useQuery({
    enabled: tryNumber !== undefined && tryNumber > 0,
    queryFn: async ({ signal }) => {
      const lines: Array<LogLine> = [];
      let token: string | undefined;

      for (let page = 0; page < LOG_PAGES; page += 1) {
        const query = new URLSearchParams({ map_index: String(ref.mapIndex), ...(token ? { token } : {}) });
        // eslint-disable-next-line no-await-in-loop -- each page tells where the next one is
        const answer = await get<{ content: ReadonlyArray<LogLine>; continuation_token?: string | null }>(
          `${placeOf(ref)}/logs/${tryNumber}?${query}`,
          signal,
        );

        lines.push(...answer.content);
        if (!answer.continuation_token || answer.content.length === 0) {
          break;
        }
        token = answer.continuation_token;
      }

      return lines;
    },
    queryKey: ["log", ref, tryNumber],
    staleTime: 60_000,
    // Nobody gains from comparing tens of thousands of lines with those before.
    structuralSharing: false,
  });

const CAUSED = "The above exception was the direct cause of the following exception:";
const MEANWHILE = "During handling of the above exception, another exception occurred:";

type Frame = { readonly filename?: string; readonly lineno?: number; readonly name?: string };
type ErrorDetail = {
  readonly exc_type?: string;
  readonly exc_value?: string;
  readonly frames?: ReadonlyArray<Frame>;
  readonly is_cause?: boolean;
};

/** An exception as Airflow keeps it, written as Python would print it: what was raised first stands first. */
const traceback = (details: ReadonlyArray<ErrorDetail>): ReadonlyArray<string> =>
  [...details].reverse().flatMap(({ exc_type: type, exc_value: value, frames = [] }, index, all) => [
    ...(index === 0 ? [] : [all[index - 1]?.is_cause === true ? CAUSED : MEANWHILE]),
    "Traceback (most recent call last):",
    ...frames.map(({ filename, lineno, name }) => `  File "${filename}", line ${lineno}, in ${name}`),
    `${type}: ${value}`,
  ]);

/** One entry as a person reads it; an exception adds lines. */
export const readable = (line: LogLine): string => {
  if (typeof line === "string") {
    return line;
  }
  const { error_detail: details, event = "", level, timestamp } = line as {
    error_detail?: ReadonlyArray<ErrorDetail>;
    event?: string;
    level?: string;
    timestamp?: string;
  };
  const head = [timestamp, typeof level === "string" ? level.toUpperCase().padEnd(8) : undefined, event]
    .filter((part) => part !== undefined && part !== "")
    .join(" ");

  return [head, ...(Array.isArray(details) ? traceback(details) : [])].join("\n");
};

// Below the server's limit for a request, with room for escaped characters. What ended a try stands at the end.
const MOST_OF_A_LOG = 500_000;

/** The end of a log as the diagnosis reads it: one JSON object or text a line, whole lines only. */
export const endOfLog = (lines: ReadonlyArray<LogLine>, most = MOST_OF_A_LOG): string => {
  const taken: Array<string> = [];
  let length = 0;

  for (let index = lines.length - 1; index >= 0; index -= 1) {
    const line = lines[index] ?? "";
    const text = typeof line === "string" ? line : JSON.stringify(line);

    length += text.length + 1;
    if (length > most && taken.length > 0) {
      break;
    }
    taken.push(text);
  }

  return taken.reverse().join("\n").slice(-most);
};

/** The lines as a person reads them. */
export const linesOf = (entries: ReadonlyArray<LogLine>): ReadonlyArray<string> =>
  entries.flatMap((entry) => readable(entry).split("\n"));

/** Ids of DAGs whose name holds a part; for choosing one. */
export const useDagIds = (part: string) =>
  useQuery({
    queryFn: async ({ signal }) => {
      const query = new URLSearchParams({ limit: "50", ...(part === "" ? {} : { dag_id_pattern: `%${part}%` }) });
      const answer = await get<{ dags: ReadonlyArray<{ dag_id: string }> }>(`dags?${query}`, signal);

      return answer.dags.map((dag) => dag.dag_id);
    },
    queryKey: ["dag ids", part],
  });

const NAMES = 1000;

/** Ids of the connections that the user may see. No answer, where they may see none. */
export const useConnectionIds = () =>
  useQuery({
    queryFn: async ({ signal }): Promise<ReadonlySet<string>> => {
      const found = await get<{ connections: ReadonlyArray<{ connection_id: string }>; total_entries: number }>(
        `connections?limit=${NAMES}`,
        signal,
      );

      // Of an incomplete list nothing can be said to be missing.
      if (found.total_entries > found.connections.length) {
        throw new Error("too many connections to know them all");
      }

      return new Set(found.connections.map((item) => item.connection_id));
    },
    queryKey: ["connection ids"],
    retry: false,
    staleTime: 30_000,
  });

/** Distributions of the providers that are installed. */
export const useProviders = () =>
  useQuery({
    queryFn: async ({ signal }): Promise<ReadonlySet<string>> => {
      const found = await get<{ providers: ReadonlyArray<{ package_name: string }> }>(`providers?limit=${NAMES}`, signal);

      return new Set(found.providers.map((item) => item.package_name));
    },
    queryKey: ["providers"],
    retry: false,
    staleTime: Infinity,
  });

export type PastRun = {
  readonly dag_run_id: string;
  readonly end_date: string | null;
  readonly start_date: string | null;
  readonly state: string;
};
const PAST_RUNS = 30;

/** The last runs of a DAG, the newest first. */
export const usePastRuns = (dagId: string) =>
  useQuery({
    queryFn: async ({ signal }) => {
      const query = new URLSearchParams({ limit: String(PAST_RUNS), order_by: "-run_after" });
      const answer = await get<{ dag_runs: ReadonlyArray<PastRun> }>(
        `dags/${encodeURIComponent(dagId)}/dagRuns?${query}`,
        signal,
      );

      return answer.dag_runs;
    },
    queryKey: ["past runs", dagId],
  });

export type RunTask = {
  readonly duration: number | null;
  readonly end_date: string | null;
  readonly map_index: number;
  readonly queued_when: string | null;
  readonly start_date: string | null;
  readonly state: string | null;
  readonly task_id: string;
  readonly try_number: number;
};
type RunInfo = { readonly end_date: string | null; readonly start_date: string | null; readonly state: string };
export type RunPicture = {
  readonly run: RunInfo;
  readonly tasks: ReadonlyArray<RunTask>;
  readonly upstream: ReadonlyMap<string, ReadonlyArray<string>>;
};
const PAGE = 100;
const PAGES = 20;

/** A run, its task instances (at most 2,000) and which task follows which. */
export const useRun = (dagId: string, runId: string) =>
  useQuery({
    queryFn: async ({ signal }): Promise<RunPicture> => {
      const dag = `dags/${encodeURIComponent(dagId)}`;
      const place = `${dag}/dagRuns/${encodeURIComponent(runId)}`;
      const [run, structure] = await Promise.all([
        get<RunInfo>(place, signal),
        get<{ tasks: ReadonlyArray<{ downstream_task_ids: ReadonlyArray<string>; task_id: string }> }>(
          `${dag}/tasks`,
          signal,
        ),
      ]);
      const tasks: Array<RunTask> = [];

      for (let page = 0; page < PAGES; page += 1) {
        // eslint-disable-next-line no-await-in-loop -- the number of pages is not known before
        const answer = await get<{ task_instances: ReadonlyArray<RunTask>; total_entries: number }>(
          `${place}/taskInstances?limit=${PAGE}&offset=${page * PAGE}`,
          signal,
        );

        tasks.push(...answer.task_instances);
        if (answer.task_instances.length < PAGE) {
          break;
        }
      }
      const upstream = new Map<string, Array<string>>();

      for (const task of structure.tasks) {
        for (const below of task.downstream_task_ids) {
          upstream.set(below, [...(upstream.get(below) ?? []), task.task_id]);
        }
      }

      return { run, tasks, upstream };
    },
    queryKey: ["run", dagId, runId],
    refetchInterval: (query) => (query.state.data?.run.state === "running" ? 5000 : false),
  });
