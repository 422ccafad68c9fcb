/** Which lines of a DAG file belong to which task, found in the text: `[first, last]`, 0-based. */
export type Lines = readonly [number, number];

const indentOf = (line: string) => line.length - line.trimStart().length;

/** The statement that makes a task: from the line that begins it to the line before the next one of its depth. */
const statementAround = (lines: ReadonlyArray<string>, at: number): Lines => {
  let first = at;

  while (first > 0 && !/^\s*(?:\w+\s*=\s*\w|\w[\w.]*\(|@task|def )/u.test(lines[first] ?? "")) {
    first -= 1;
  }
  while (first > 0 && /^\s*@/u.test(lines[first - 1] ?? "")) {
    first -= 1;
  }
  const depth = indentOf(lines[first] ?? "");
  let last = at;

  while (last + 1 < lines.length) {
    const next = lines[last + 1] ?? "";

    if (next.trim() === "" || indentOf(next) < depth || (indentOf(next) === depth && !/^\s*[)\]}]/u.test(next))) {
      break;
    }
    last += 1;
  }

  return [first, last];
};

export const taskLines = (source: string, taskIds: ReadonlyArray<string>): ReadonlyMap<string, Lines> => {
  const lines = source.split("\n");
  const found = new Map<string, Lines>();

  for (const id of taskIds) {
    const name = id.split(".").at(-1) ?? id;
    const quoted = new RegExp(`task_id="${name}"|def ${name}\\(`, "u");
    const at = lines.findIndex((line) => quoted.test(line));

    if (at !== -1) {
      const [first, last] = statementAround(lines, at);
      // A function's body may hold blank lines.
      let end = last;

      if (/def /u.test(lines[at] ?? "")) {
        const depth = indentOf(lines[at] ?? "");

        for (let index = at + 1; index < lines.length; index += 1) {
          const line = lines[index] ?? "";

          if (line.trim() !== "" && indentOf(line) <= depth && !/^\s*[)\]}]/u.test(line)) {
            break;
          }
          if (line.trim() !== "") {
            end = index;
          }
        }
      }
      found.set(id, [first, end]);
    }
  }

  return found;
};
