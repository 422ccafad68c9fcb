import { expect, it } from "vitest";

import { colouredLines } from "./PythonCode";
import { taskLines } from "./taskLines";

const SOURCE = `import pendulum

with DAG(dag_id="shop"):

    @task
    def fetch(day):
        rows = read(day)

        return rows

    load = SQLExecuteQueryOperator(
        task_id="load",
        sql="SELECT 1",
    )

    tell = SlackAPIPostOperator(task_id="tell")

    fetch("2026-01-01") >> load >> tell
`;

it("finds the statement of an operator and the whole function of a TaskFlow task", () => {
  expect(Object.fromEntries(taskLines(SOURCE, ["fetch", "load", "tell", "no_such"]))).toEqual({
    fetch: [4, 8],
    load: [10, 13],
    tell: [15, 15],
  });
});

it("colours a file without changing it", () => {
  const text = colouredLines(SOURCE)
    .map((line) => line.map((piece) => piece.text).join(""))
    .join("\n");

  expect(text).toBe(SOURCE);
});
