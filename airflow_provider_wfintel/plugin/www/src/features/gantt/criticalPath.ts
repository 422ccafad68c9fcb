export type Ran = { readonly end: number; readonly id: string; readonly start: number; readonly upstream: ReadonlyArray<string> };

/** The chain that decided when the run ended: from the task that ended last back over the upstream task that ended last.
 *
 * @param tasks what ran; upstream tasks that did not run are passed over
 * @returns ids, the first to run first
 */
export const criticalPath = (tasks: ReadonlyArray<Ran>): ReadonlyArray<string> => {
  const byId = new Map(tasks.map((task) => [task.id, task]));
  const path: Array<string> = [];
  const latest = (candidates: ReadonlyArray<Ran>) =>
    candidates.reduce<Ran | undefined>((best, task) => (best === undefined || task.end > best.end ? task : best), undefined);
  let task = latest(tasks);

  while (task !== undefined && !path.includes(task.id)) {
    path.push(task.id);
    task = latest(task.upstream.flatMap((id) => byId.get(id) ?? []));
  }

  return path.reverse();
};

/** Where the time of a run went, along its critical path: at work, and between one task and the next. */
export const whereTimeWent = (tasks: ReadonlyArray<Ran>): { readonly waits: number; readonly work: number } => {
  const byId = new Map(tasks.map((task) => [task.id, task]));
  const chain = criticalPath(tasks).flatMap((id) => byId.get(id) ?? []);
  const work = chain.reduce((sum, task) => sum + task.end - task.start, 0);
  const waits = chain.reduce((sum, task, index) => sum + Math.max(0, task.start - (chain[index - 1]?.end ?? 0)), 0);

  return { waits, work };
};
