import { expect, it } from "vitest";

import { question } from "./layout";
import { beginning, isLarge, nodesOf } from "./nodes";

const task = (id: string) => ({ detail: "PythonOperator", id, label: id });
const place = (id: string, x: number, y: number, parent?: string) => ({ height: 80, id, parent, width: 200, x, y });

it("gives every task its size and the ends of its edges, so that all can be drawn at once", () => {
  const [group, inner] = nodesOf([place("group:g", 0, 0), place("a", 16, 40, "group:g")], [task("a")]);

  expect([group?.type, group?.data.label]).toEqual(["group", "g"]);
  expect(inner).toMatchObject({ measured: { height: 80, width: 200 }, parentId: "group:g", type: "task" });
  expect(inner?.handles?.map(({ type, x, y }) => [type, x, y])).toEqual([
    ["target", 0, 40],
    ["source", 200, 40],
  ]);
});

it("begins the view of a large graph at its first tasks, wherever the layout has put them", () => {
  expect(beginning([place("b", 260, 0), place("a", 10, 500), place("inner", 0, 0, "group:g")])).toEqual({
    x: 18,
    y: -276,
    zoom: 0.6,
  });
});

it("lays a large graph out with fewer rounds, and a small one as Airflow does", () => {
  const rounds = (tasks: number) =>
    question(
      Array.from({ length: tasks }, (_, index) => task(`t${index}`)),
      [],
    ).layoutOptions?.["elk.layered.thoroughness"];

  expect([isLarge(100), rounds(100)]).toEqual([false, undefined]);
  expect([isLarge(101), rounds(101)]).toEqual([true, "1"]);
});
