import { Box } from "@chakra-ui/react";
import { Background, Controls, type Edge, type EdgeTypes, MiniMap, type NodeTypes, ReactFlow } from "@xyflow/react";
import { useQuery } from "@tanstack/react-query";
import { memo, type SyntheticEvent, useMemo } from "react";

import "@xyflow/react/dist/style.css";

import { useColorMode } from "src/theme/colorMode";
import { ErrorAlert } from "src/ui/parts";
import { strings } from "src/ui/strings";
import { layOut } from "./layout";
import { beginning, type GraphEdge, type GraphNode, type GraphTask, isLarge, nodesOf } from "./nodes";
import { TaskEdge } from "./TaskEdge";

// The library measures where they are; nobody draws a line from them.
const ends = (
  <>
    <div className="react-flow__handle react-flow__handle-left target" data-handlepos="left" />
    <div className="react-flow__handle react-flow__handle-right source" data-handlepos="right" />
  </>
);

// Plain elements: a styled one for each of hundreds of tasks is what takes the time.
const TaskBox = memo(({ data }: { readonly data: GraphTask }) => (
  <div className="graph-task">
    <div className="graph-name">{data.label}</div>
    <div className="graph-detail">{data.detail}</div>
    {ends}
  </div>
));

const GroupBox = memo(({ data }: { readonly data: GraphTask }) => <div className="graph-group">{data.label}</div>);

const nodeTypes: NodeTypes = { group: GroupBox, task: TaskBox };
const edgeTypes: EdgeTypes = { task: TaskEdge };
const box = { borderColor: "border", borderRadius: "md", borderWidth: "1px", h: "100%", px: 3, py: 2, w: "100%" };
const mapSize = { height: 90, width: 140 };
const oneLine = { overflow: "hidden", textOverflow: "ellipsis", whiteSpace: "nowrap" };
const look = {
  // The library's own colours are those of another page.
  "& .react-flow": {
    "--xy-background-color": "{colors.bg}",
    "--xy-controls-button-background-color": "{colors.bg.muted}",
    "--xy-controls-button-background-color-hover": "{colors.bg.emphasized}",
    "--xy-controls-button-color": "{colors.fg}",
    "--xy-edge-stroke": "{colors.fg.subtle}",
    "--xy-minimap-background-color": "{colors.bg.subtle}",
    "--xy-minimap-mask-background-color": "transparent",
    "--xy-minimap-mask-stroke-color": "{colors.fg}",
    "--xy-minimap-mask-stroke-width": "8",
    "--xy-minimap-node-background-color": "{colors.fg.subtle}",
  },
  "& .graph-detail": { ...oneLine, color: "fg.muted", fontSize: "sm" },
  "& .graph-group": { ...box, bg: "bg.subtle", fontSize: "sm", fontWeight: "semibold" },
  "& .graph-name": { ...oneLine, fontWeight: "semibold" },
  "& .graph-task": { ...box, bg: "bg" },
  "& .react-flow__handle": { opacity: 0, pointerEvents: "none" },
  "& .react-flow__attribution": { bg: "bg" },
  // The library's own grey is too light to be read.
  "& .react-flow__attribution a": { color: "fg.muted" },
  "& .react-flow__node:focus-visible .graph-task": { outline: "2px solid {colors.border.inverted}" },
};

/** The one box that is pointed at, by a rule: no other box is drawn anew for it. */
const litLook = (lit: string | undefined) =>
  lit === undefined
    ? {}
    : {
        [`& .react-flow__node[data-id=${JSON.stringify(lit)}] .graph-task`]: {
          borderColor: "border.inverted",
          borderWidth: "3px",
        },
      };

const idAt = ({ target }: SyntheticEvent): string | undefined =>
  (target as Element).closest<HTMLElement>(".react-flow__node")?.dataset.id;

/** Tasks and dependencies as they will look in Airflow's graph. */
export const TaskGraph = ({
  edges,
  height = 360,
  lit,
  nodes,
  onPoint,
}: {
  readonly edges: ReadonlyArray<GraphEdge>;
  readonly height?: number;
  readonly lit?: string;
  readonly nodes: ReadonlyArray<GraphNode>;
  readonly onPoint?: (taskId: string | undefined) => void;
}) => {
  const colorMode = useColorMode();
  const layout = useQuery({
    queryFn: () => layOut(nodes, edges),
    queryKey: ["layout", nodes, edges],
    retry: false,
    staleTime: Infinity,
  });
  const shown = useMemo(() => nodesOf(layout.data ?? [], nodes), [layout.data, nodes]);
  const drawn = useMemo(
    () =>
      edges.map(
        (edge, index): Edge => ({ id: `e${index}`, label: edge.label, source: edge.from, target: edge.to, type: "task" }),
      ),
    [edges],
  );

  const large = isLarge(nodes.length);

  if (layout.error !== null) {
    return <ErrorAlert onRetry={() => void layout.refetch()} title={layout.error.message} />;
  }

  return (
    <Box
      aria-busy={shown.length === 0 || undefined}
      aria-label={strings.graph.title}
      borderRadius="md"
      borderWidth={1}
      css={{ ...look, ...litLook(lit) }}
      h={`${height}px`}
      onBlur={() => onPoint?.(undefined)}
      onFocus={(event) => onPoint?.(idAt(event))}
      role="figure"
    >
      {shown.length === 0 ? undefined : (
        <ReactFlow
          // Its own class `light` would turn all tokens inside to those of the light look.
          colorMode={colorMode}
          edges={drawn}
          edgesFocusable={false}
          edgeTypes={edgeTypes}
          elementsSelectable={false}
          defaultViewport={large ? beginning(layout.data ?? []) : undefined}
          fitView={!large}
          fitViewOptions={{ maxZoom: 1 }}
          key={nodes.map((node) => node.id).join("|")}
          minZoom={0.05}
          nodes={shown}
          nodesConnectable={false}
          nodesDraggable={false}
          // Hundreds of stops would bar the way to what stands below.
          nodesFocusable={!large}
          nodeTypes={nodeTypes}
          onNodeMouseEnter={(_, node) => onPoint?.(node.id)}
          onNodeMouseLeave={() => onPoint?.(undefined)}
          onlyRenderVisibleElements={large}
          proOptions={{ hideAttribution: false }}
        >
          <Background />
          <Controls showInteractive={false} />
          {large ? <MiniMap ariaLabel={strings.graph.map} pannable style={mapSize} zoomable /> : undefined}
        </ReactFlow>
      )}
    </Box>
  );
};
