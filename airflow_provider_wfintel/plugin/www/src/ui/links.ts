/** Addresses of Airflow's own pages and of ours, for its router: they start below the path that Airflow is served at. */
export const ownPage = (path: string): string => `/plugin/wfintel${path === "" ? "" : `/${path}`}`;

export const POOLS = "/pools";
export const CONNECTIONS = "/connections";
export const PROVIDERS = "/providers";

export const dagPage = (dagId: string): string => `/dags/${encodeURIComponent(dagId)}`;

export const runPage = (dagId: string, runId: string): string => `${dagPage(dagId)}/runs/${encodeURIComponent(runId)}`;

/** Our tab on the page of a run, and on the page of a task instance. */
export const runTab = (dagId: string, runId: string): string => `${runPage(dagId, runId)}/plugin/wfintel_run`;

export const taskTab = (dagId: string, runId: string, taskId: string, mapIndex = -1): string =>
  `${taskPage(dagId, runId, taskId, mapIndex)}/plugin/wfintel_diagnosis`;

export const taskPage = (dagId: string, runId: string, taskId: string, mapIndex = -1): string =>
  `${runPage(dagId, runId)}/tasks/${encodeURIComponent(taskId)}${mapIndex < 0 ? "" : `/mapped/${mapIndex}`}`;
