import { BaseEdge, type EdgeProps, getBezierPath } from "@xyflow/react";
import { memo } from "react";

/** A dependency: one line, and its words if it has some. Nothing around it that a mouse could hit. */
export const TaskEdge = memo(({ label, ...ends }: EdgeProps) => {
  const [path, labelX, labelY] = getBezierPath(ends);

  return label === undefined ? (
    <path className="react-flow__edge-path" d={path} fill="none" />
  ) : (
    <BaseEdge interactionWidth={0} label={label} labelX={labelX} labelY={labelY} path={path} />
  );
});
