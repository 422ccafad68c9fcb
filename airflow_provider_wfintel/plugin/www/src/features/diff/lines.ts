import { parsePatch, type StructuredPatchHunk, structuredPatch } from "diff";

export type DiffLine = {
  readonly kind: "added" | "fold" | "kept" | "removed";
  readonly newNumber?: number;
  readonly oldNumber?: number;
  readonly text: string;
};

const KINDS = { " ": "kept", "+": "added", "-": "removed" } as const;

const linesOf = (hunks: ReadonlyArray<StructuredPatchHunk>): ReadonlyArray<DiffLine> =>
  hunks.flatMap((hunk) => {
    let oldNumber = hunk.oldStart;
    let newNumber = hunk.newStart;
    const fold: DiffLine = { kind: "fold", text: `@@ -${hunk.oldStart},${hunk.oldLines} +${hunk.newStart},${hunk.newLines} @@` };

    return [
      fold,
      ...hunk.lines.flatMap((line): ReadonlyArray<DiffLine> => {
        const kind = KINDS[line[0] as keyof typeof KINDS] as "added" | "kept" | "removed" | undefined;

        if (kind === undefined) {
          return [];
        }
        const numbers = {
          newNumber: kind === "removed" ? undefined : newNumber,
          oldNumber: kind === "added" ? undefined : oldNumber,
        };

        newNumber += kind === "removed" ? 0 : 1;
        oldNumber += kind === "added" ? 0 : 1;

        return [{ kind, text: line.slice(1), ...numbers }];
      }),
    ];
  });

/** The changed lines of two texts with three lines around each; what is equal in between is folded. */
export const diffLines = (before: string, after: string): ReadonlyArray<DiffLine> =>
  linesOf(structuredPatch("before", "after", before, after, undefined, undefined, { context: 3 })?.hunks ?? []);

/** The lines of a unified diff. */
export const patchLines = (patch: string): ReadonlyArray<DiffLine> => parsePatch(patch).flatMap((file) => linesOf(file.hunks));

export type Pair = { readonly left?: DiffLine; readonly right?: DiffLine };

/** The same lines side by side: what was removed stands beside what was added in its place. */
export const sideBySide = (lines: ReadonlyArray<DiffLine>): ReadonlyArray<Pair> => {
  const pairs: Array<Pair> = [];
  let removed: Array<DiffLine> = [];
  let added: Array<DiffLine> = [];
  const flush = () => {
    for (let index = 0; index < Math.max(removed.length, added.length); index += 1) {
      pairs.push({ left: removed[index], right: added[index] });
    }
    removed = [];
    added = [];
  };

  for (const line of lines) {
    if (line.kind === "removed") {
      removed.push(line);
    } else if (line.kind === "added") {
      added.push(line);
    } else {
      flush();
      pairs.push({ left: line, right: line });
    }
  }
  flush();

  return pairs;
};
