/** Layouts: what costs time, what would pay, what it did. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

import { ask, type Body } from "src/api/client";

const PLACE = "/api/workflows/optimization";

export type Strategy = Body<"AnalyzeDagBody">["strategy"];

/** What the loosely typed parts of an analysis hold. */
export type Bottleneck = {
  readonly explanation: string;
  readonly kind: string;
  readonly saves_s: number;
  readonly tasks: ReadonlyArray<string>;
};
export type Change = {
  readonly evidence: ReadonlyArray<string>;
  readonly measure: string;
  readonly reason: string;
  readonly risk_note: string;
  readonly title: string;
};
export type Figures = Readonly<Record<string, number | null | undefined>>;
export type Rewrite = {
  readonly effort?: string;
  readonly evidence?: ReadonlyArray<string>;
  readonly predicted_makespan_s?: { readonly after: number; readonly before: number };
  readonly proof?: string;
  readonly reason?: string;
  readonly rewrite: string;
  readonly risk?: string;
  readonly risk_note?: string;
  readonly title: string;
};
/** A change of the file that a person has to confirm; without `confirm` it is for them to make by hand. */
export type Suggestion = {
  readonly confirm: string;
  readonly reason: string;
  readonly rewrite: string;
  readonly risk_note: string;
  readonly title: string;
  readonly why_not_applied: string;
};
export type Advice = {
  readonly cost: string;
  readonly makespan_s: { readonly after: number; readonly before: number };
  readonly now: unknown;
  readonly setting: string;
  readonly suggested: unknown;
  readonly why: string;
};
export type Pool = { readonly description: string; readonly name: string; readonly slots: number; readonly slots_before: number | null };
/** What is asked: a DAG, what is to become better, what a person confirms, and the titles of rewrites that are not wanted. */
export type Question = {
  readonly confirmed: ReadonlyArray<string>;
  readonly dagId: string;
  readonly skip: ReadonlyArray<string>;
  readonly strategy: Strategy;
};
export type Analysis = Omit<
  Body<"AnalysisBody">,
  "bottlenecks" | "deployment_advice" | "pools_to_create" | "predicted" | "rewrites" | "run_time_changes" | "suggestions" | "to_confirm"
> & {
  readonly deployment_advice: ReadonlyArray<Advice>;
  readonly pools_to_create: ReadonlyArray<Pool>;
  readonly bottlenecks: ReadonlyArray<Bottleneck>;
  readonly predicted: {
    readonly after: Figures;
    readonly after_rewrites?: Figures;
    readonly before: Figures;
    readonly before_rewrites?: Figures;
  };
  readonly rewrites: ReadonlyArray<Rewrite>;
  readonly run_time_changes: ReadonlyArray<Change>;
  readonly suggestions: ReadonlyArray<Suggestion>;
  readonly to_confirm: ReadonlyArray<Change>;
};

export const useAnalysis = () =>
  useMutation({
    mutationFn: ({ confirmed, dagId, skip, strategy }: Question) =>
      ask<Analysis>("POST", `${PLACE}/analyze`, { body: { confirmed, dag_id: dagId, limits: { skip }, strategy } }),
  });

export const useResults = (dagId: string) =>
  useQuery({
    queryFn: ({ signal }) =>
      ask<Body<"ResultsBody">>("GET", `${PLACE}/results`, { query: { dag_id: dagId }, signal }),
    queryKey: ["optimizations", dagId],
  });

export const useApply = () => {
  const client = useQueryClient();

  return useMutation({
    mutationFn: (body: Body<"ApplyBody">) => ask<Body<"AppliedBody">>("POST", `${PLACE}/apply`, { body }),
    onSuccess: () => client.invalidateQueries({ queryKey: ["optimizations"] }),
  });
};
