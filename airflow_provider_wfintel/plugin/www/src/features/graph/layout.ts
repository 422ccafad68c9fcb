import ELK, { type ElkNode } from "elkjs/lib/elk-api";

import { address } from "src/api/client";
import { strings } from "src/ui/strings";
import { type GraphEdge, type GraphNode, isLarge, type Placed } from "./nodes";

// The sizes of Airflow's own graph, so that a preview looks like the DAG after it is deployed.
const HEIGHT = 80;
const LEAST_WIDTH = 200;
const WIDTH_PER_LETTER = 8;
const widthOf = (node: GraphNode) =>
  Math.max(LEAST_WIDTH, Math.min(420, 40 + WIDTH_PER_LETTER * Math.max(node.label.length, node.detail.length)));

type Engine = { readonly elk: InstanceType<typeof ELK>; readonly failed: Promise<never> };
let engine: Engine | undefined;

const start = (): Engine => {
  let fail: (error: Error) => void = () => undefined;
  const failed = new Promise<never>((_, reject) => {
    fail = reject;
  });

  failed.catch(() => {
    // The next question starts another worker.
    engine = undefined;
  });
  const elk = new ELK({
    workerFactory: (url) => {
      const worker = new Worker(url ?? "");

      // Without this a file that cannot be loaded would leave every question without an answer.
      worker.addEventListener("error", () => fail(new Error(strings.graph.noEngine)));

      return worker;
    },
    workerUrl: address("wfintel-ui/elk-worker.min.js"),
  });

  return { elk, failed };
};

const layoutEngine = (): Engine => {
  engine ??= start();

  return engine;
};

/** Load the engine before the first graph comes. Where there can be no worker, the first graph will say so. */
export const warmUp = (): void => {
  try {
    layoutEngine();
  } catch {
    engine = undefined;
  }
};

/** The question to the layout engine: groups hold their tasks, edges go from left to right. */
export const question = (nodes: ReadonlyArray<GraphNode>, edges: ReadonlyArray<GraphEdge>): ElkNode => {
  const box = (node: GraphNode): ElkNode => ({ height: HEIGHT, id: node.id, width: widthOf(node) });
  const groups = [...new Set(nodes.flatMap((node) => (node.group === undefined ? [] : [node.group])))];

  return {
    children: [
      ...nodes.filter((node) => node.group === undefined).map(box),
      ...groups.map((group) => ({
        children: nodes.filter((node) => node.group === group).map(box),
        id: `group:${group}`,
        layoutOptions: { "elk.padding": "[top=40,left=16,bottom=16,right=16]" },
      })),
    ],
    edges: edges.map((edge, index) => ({ id: `e${index}`, sources: [edge.from], targets: [edge.to] })),
    id: "root",
    layoutOptions: {
      "elk.algorithm": "layered",
      "elk.direction": "RIGHT",
      // The canvas draws the lines itself: their way is not asked for.
      "elk.edgeRouting": "POLYLINE",
      ...(groups.length > 0 ? { "elk.hierarchyHandling": "INCLUDE_CHILDREN" } : {}),
      // Rounds of sorting that a thousand tasks take seconds for, and whose gain nobody sees there.
      ...(isLarge(nodes.length) ? { "elk.layered.thoroughness": "1" } : {}),
      "elk.layered.spacing.nodeNodeBetweenLayers": "60",
      "elk.spacing.nodeNode": "24",
    },
  };
};

/** The answer as a flat list; a parent stands before its children, whose places are relative to it. */
export const placesOf = (root: ElkNode, parent?: string): ReadonlyArray<Placed> =>
  (root.children ?? []).flatMap((child) => [
    {
      height: child.height ?? HEIGHT,
      id: child.id,
      parent,
      width: child.width ?? LEAST_WIDTH,
      x: child.x ?? 0,
      y: child.y ?? 0,
    },
    ...placesOf(child, child.id),
  ]);

export const layOut = async (nodes: ReadonlyArray<GraphNode>, edges: ReadonlyArray<GraphEdge>) => {
  const { elk, failed } = layoutEngine();

  return placesOf(await Promise.race([elk.layout(question(nodes, edges)), failed]));
};
