/** Addresses of Airflow's own pages and of ours, for its router: they start below the path that Airflow is served at. */
export const ownPage = (path: string): string => `/plugin/wfintel${path === "" ? "" : `/${path}`}`;

export const dagPage = (dagId: string): string => `/dags/${encodeURIComponent(dagId)}`;

export const runPage = (dagId: string, runId: string): string => `${dagPage(dagId)}/runs/${encodeURIComponent(runId)}`;

export const taskPage = (dagId: string, runId: string, taskId: string, mapIndex = -1): string =>
  `${runPage(dagId, runId)}/tasks/${encodeURIComponent(taskId)}${mapIndex < 0 ? "" : `/mapped/${mapIndex}`}`;
