import type { Body } from "src/api/client";
import type { GraphEdge, GraphNode } from "src/features/graph/nodes";

/** The parts of a `WorkflowSpec` that the page shows; fields that are as usual are left out by the server. */
export type Argument = {
  readonly name: string;
  readonly origin?: string;
  readonly value: { readonly is: string; readonly json?: string };
};
export type Retry = { readonly delay_seconds?: number | null; readonly retries?: number | null };
export type SpecTask = {
  readonly arguments?: ReadonlyArray<Argument>;
  readonly group?: string;
  readonly mapping?: unknown;
  readonly operator: { readonly path: string; readonly recipe?: string };
  readonly retry?: Retry | null;
  readonly services?: ReadonlyArray<string>;
  readonly task_id: string;
};
export type Spec = {
  readonly alerts?: ReadonlyArray<{ readonly connection_id?: string }>;
  readonly dag_id: string;
  readonly dependencies?: ReadonlyArray<{
    readonly downstream: string;
    readonly label?: string;
    readonly upstream: string;
  }>;
  readonly retry?: Retry | null;
  readonly schedule?: { readonly crons?: ReadonlyArray<string>; readonly timezone?: string; readonly words?: string };
  readonly tasks?: ReadonlyArray<SpecTask>;
};

export const specOf = (answer: Body<"GenerationBody">): Spec => answer.spec as unknown as Spec;

/** The constant that an argument has, or nothing if it is a template, a parameter or what another task gives. */
export const literalOf = (argument: Argument): unknown =>
  argument.value.is === "literal" && argument.value.json !== undefined ? JSON.parse(argument.value.json) : undefined;

/** Ids of all connections that the DAG uses, each once. */
export const connectionsOf = (spec: Spec): ReadonlyArray<string> => {
  const named = (spec.tasks ?? []).flatMap((task) =>
    (task.arguments ?? []).filter((item) => item.name.endsWith("conn_id")).map(literalOf),
  );
  const told = (spec.alerts ?? []).map((alert) => alert.connection_id);

  return [...new Set([...named, ...told])].filter((id): id is string => typeof id === "string" && id !== "");
};

export const operatorName = (path: string) => path.split(":").at(-1)?.split(".").at(-1) ?? path;

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
