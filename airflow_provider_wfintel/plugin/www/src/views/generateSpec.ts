import type { Body } from "src/api/client";
import type { GraphEdge, GraphNode } from "src/features/graph/layout";

/** The parts of a `WorkflowSpec` that the page shows; fields that are as usual are left out by the server. */
export type Spec = {
  readonly dag_id: string;
  readonly dependencies?: ReadonlyArray<{
    readonly downstream: string;
    readonly label?: string;
    readonly upstream: string;
  }>;
  readonly schedule?: { readonly words?: string };
  readonly tasks?: ReadonlyArray<{
    readonly group?: string;
    readonly mapping?: unknown;
    readonly operator: { readonly path: string; readonly recipe?: string };
    readonly task_id: string;
  }>;
};

export const specOf = (answer: Body<"GenerationBody">): Spec => answer.spec as unknown as Spec;

const operatorName = (path: string) => path.split(":").at(-1)?.split(".").at(-1) ?? path;

export const nodesOf = (spec: Spec): ReadonlyArray<GraphNode> =>
  (spec.tasks ?? []).map((task) => ({
    detail: operatorName(task.operator.path),
    group: task.group === "" ? undefined : task.group,
    id: task.task_id,
    label: task.mapping === undefined || task.mapping === null ? task.task_id : `${task.task_id} [ ]`,
  }));

export const edgesOf = (spec: Spec): ReadonlyArray<GraphEdge> =>
  (spec.dependencies ?? []).map((edge) => ({ from: edge.upstream, label: edge.label, to: edge.downstream }));

/** The description with one question answered: at the words that raised it, or else as a sentence at the end. */
export const withAnswer = (
  text: string,
  question: Pick<Body<"ClarificationBody">, "about" | "span">,
  option: string,
): string => {
  if (question.about === "alert_channel" && question.span !== null) {
    // Offsets count characters as Python does.
    const letters = [...text];
    const end = question.span[1];

    return `${letters.slice(0, end).join("")} via ${option}${letters.slice(end).join("")}`;
  }

  return `${text.trimEnd()}\n\n${option}`;
};
