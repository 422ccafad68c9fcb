/** One bar: seconds since the start of the run. */
export type Bar = {
  readonly critical?: boolean;
  readonly end: number;
  readonly id: string;
  readonly queued?: number;
  readonly start: number;
  readonly state?: string;
};
export type Row = { readonly after?: Bar; readonly before?: Bar; readonly id: string };

const STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 21_600, 43_200, 86_400];

/** Marks on the axis: about one per 90 px, at round times. */
export const ticks = (length: number, width: number): ReadonlyArray<number> => {
  const most = Math.max(2, Math.floor(width / 90));
  const step = STEPS.find((candidate) => length / candidate <= most) ?? Math.ceil(length / most / 86_400) * 86_400;

  return Array.from({ length: Math.floor(length / step) + 1 }, (_, index) => index * step);
};

/** One row per task, in the order in which they start (after, else before); a task that only one side has stays. */
export const rowsOf = (before: ReadonlyArray<Bar>, after: ReadonlyArray<Bar>): ReadonlyArray<Row> => {
  const was = new Map(before.map((bar) => [bar.id, bar]));
  const will = new Map(after.map((bar) => [bar.id, bar]));
  const ids = [...new Set([...will.keys(), ...was.keys()])];
  const first = (id: string) => (will.get(id) ?? was.get(id))?.start ?? 0;

  return ids
    .sort((one, other) => first(one) - first(other) || one.localeCompare(other))
    .map((id) => ({ after: will.get(id), before: was.get(id), id }));
};

/** How many bars run at each moment: steps `[second, count]`. */
export const slotSteps = (bars: ReadonlyArray<Bar>): ReadonlyArray<readonly [number, number]> => {
  const changes = bars
    .flatMap((bar): Array<[number, number]> => [
      [bar.start, 1],
      [bar.end, -1],
    ])
    .sort((one, other) => one[0] - other[0] || one[1] - other[1]);
  const steps: Array<readonly [number, number]> = [];
  let running = 0;

  for (const [second, change] of changes) {
    running += change;
    if (steps.at(-1)?.[0] === second) {
      steps.pop();
    }
    steps.push([second, running]);
  }

  return steps;
};
