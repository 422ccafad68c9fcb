import ELK, { type ElkNode } from "elkjs/lib/elk-api";

import { address } from "src/api/client";

export type GraphNode = {
  readonly detail: string;
  readonly group?: string;
  readonly id: string;
  readonly label: string;
};
export type GraphEdge = { readonly from: string; readonly label?: string; readonly to: string };
export type Placed = {
  readonly height: number;
  readonly id: string;
  readonly parent?: string;
  readonly width: number;
  readonly x: number;
  readonly y: number;
};

// The sizes of Airflow's own graph, so that a preview looks like the DAG after it is deployed.
const HEIGHT = 80;
const LEAST_WIDTH = 200;
const WIDTH_PER_LETTER = 8;
const widthOf = (node: GraphNode) =>
  Math.max(LEAST_WIDTH, Math.min(420, 40 + WIDTH_PER_LETTER * Math.max(node.label.length, node.detail.length)));

let engine: InstanceType<typeof ELK> | undefined;

const layoutEngine = () => {
  engine ??= new ELK({ workerUrl: address("wfintel-ui/elk-worker.min.js") });

  return engine;
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
      "elk.hierarchyHandling": "INCLUDE_CHILDREN",
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

export const layOut = async (nodes: ReadonlyArray<GraphNode>, edges: ReadonlyArray<GraphEdge>) =>
  placesOf(await layoutEngine().layout(question(nodes, edges)));
