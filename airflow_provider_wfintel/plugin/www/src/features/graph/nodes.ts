import { type Node, Position } from "@xyflow/react";

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
export type GraphTask = { readonly detail: string; readonly label: string };

const LARGE = 100;

/** Whether a graph has so many tasks that speed counts more than the last bit of looks. */
export const isLarge = (tasks: number): boolean => tasks > LARGE;

/** What the canvas draws. Sizes and the ends of edges are known from the layout, so that all can be drawn at once. */
export const nodesOf = (places: ReadonlyArray<Placed>, nodes: ReadonlyArray<GraphNode>): Array<Node<GraphTask>> => {
  const byId = new Map(nodes.map((node) => [node.id, node]));

  return places.map(({ height, id, parent, width, x, y }) => {
    const node = byId.get(id);

    return {
      data: { detail: node?.detail ?? "", label: node?.label ?? id.replace(/^group:/u, "") },
      handles: [
        { height: 1, position: Position.Left, type: "target", width: 1, x: 0, y: height / 2 },
        { height: 1, position: Position.Right, type: "source", width: 1, x: width, y: height / 2 },
      ],
      height,
      id,
      measured: { height, width },
      parentId: parent,
      position: { x, y },
      type: node === undefined ? "group" : "task",
      width,
    };
  });
};

const READABLE = 0.6;
const MARGIN_PX = 24;

/** Where the view of a large graph begins: at the first tasks, as large as can be read. Seen as a whole, it could not be. */
export const beginning = (places: ReadonlyArray<Placed>): { x: number; y: number; zoom: number } => {
  const outer = places.filter((place) => place.parent === undefined);
  const left = Math.min(...outer.map((place) => place.x));
  const top = Math.min(...outer.filter((place) => place.x === left).map((place) => place.y));

  return { x: MARGIN_PX - READABLE * left, y: MARGIN_PX - READABLE * top, zoom: READABLE };
};
