import { Box, Text } from "@chakra-ui/react";
import { Background, Controls, Handle, type Node, type NodeProps, Position, ReactFlow } from "@xyflow/react";
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";

import "@xyflow/react/dist/style.css";

import { useColorMode } from "src/theme/colorMode";
import { ErrorAlert } from "src/ui/parts";
import { type GraphEdge, type GraphNode, layOut } from "./layout";

type TaskData = { readonly detail: string; readonly label: string; readonly lit: boolean };

const TaskBox = ({ data }: NodeProps<Node<TaskData>>) => (
  <Box
    bg="bg"
    borderColor={data.lit ? "border.emphasized" : "border"}
    borderRadius="md"
    borderWidth={data.lit ? 3 : 1}
    h="80px"
    px={3}
    py={2}
    w="100%"
  >
    <Handle isConnectable={false} position={Position.Left} style={{ opacity: 0 }} type="target" />
    <Text fontWeight="semibold" truncate>
      {data.label}
    </Text>
    <Text color="fg.muted" fontSize="sm" truncate>
      {data.detail}
    </Text>
    <Handle isConnectable={false} position={Position.Right} style={{ opacity: 0 }} type="source" />
  </Box>
);

const GroupBox = ({ data }: NodeProps<Node<TaskData>>) => (
  <Box bg="bg.subtle" borderRadius="md" borderWidth={1} h="100%" px={3} py={2} w="100%">
    <Text fontSize="sm" fontWeight="semibold">
      {data.label}
    </Text>
  </Box>
);

const nodeTypes = { group: GroupBox, task: TaskBox };

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
  const shown = useMemo(() => {
    const byId = new Map(nodes.map((node) => [node.id, node]));

    return (layout.data ?? []).map((place): Node<TaskData> => {
      const node = byId.get(place.id);

      return {
        data: {
          detail: node?.detail ?? "",
          label: node?.label ?? place.id.replace(/^group:/u, ""),
          lit: lit === place.id,
        },
        draggable: false,
        id: place.id,
        parentId: place.parent,
        position: { x: place.x, y: place.y },
        style: { height: place.height, width: place.width },
        type: node === undefined ? "group" : "task",
      };
    });
  }, [layout.data, lit, nodes]);

  const drawn = useMemo(
    () => edges.map((edge, index) => ({ id: `e${index}`, label: edge.label, source: edge.from, target: edge.to })),
    [edges],
  );

  if (layout.error !== null) {
    return <ErrorAlert title={layout.error.message} />;
  }

  return (
    <Box
      aria-label="graph"
      borderRadius="md"
      borderWidth={1}
      // The library's own grey is too light to be read.
      css={{ "& .react-flow__attribution": { bg: "bg" }, "& .react-flow__attribution a": { color: "fg.muted" } }}
      h={`${height}px`}
      role="figure"
    >
      {shown.length === 0 ? undefined : (
        <ReactFlow
          // Its own class `light` would turn all tokens inside to those of the light look.
          colorMode={colorMode}
          edges={drawn}
          fitView
          fitViewOptions={{ maxZoom: 1 }}
          key={nodes.map((node) => node.id).join("|")}
          minZoom={0.1}
          nodes={shown}
          nodesConnectable={false}
          nodeTypes={nodeTypes}
          onNodeMouseEnter={(_, node) => onPoint?.(node.id)}
          onNodeMouseLeave={() => onPoint?.(undefined)}
          proOptions={{ hideAttribution: false }}
        >
          <Background />
          <Controls showInteractive={false} />
        </ReactFlow>
      )}
    </Box>
  );
};
