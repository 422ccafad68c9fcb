/** The only place that fetches. */
import { keepPreviousData, useMutation, useQuery } from "@tanstack/react-query";

import { ask, type Body } from "src/api/client";

export const useTemplates = () =>
  useQuery({
    queryFn: ({ signal }) => ask<Body<"TemplatesBody">>("GET", "/api/workflows/automation/templates", { signal }),
    queryKey: ["templates"],
    staleTime: Infinity,
  });

/** What a person has set in a form. */
export type Edit = Body<"EditBody">;
const NO_EDITS: ReadonlyArray<Edit> = [];

/** Run the DAG of a description with stand-ins, where the administrator allowed it. */
export const useTrial = () =>
  useMutation({
    mutationFn: ({ edits, text }: { edits: ReadonlyArray<Edit>; text: string }) =>
      ask<Body<"TrialBody">>("POST", "/api/workflows/automation/try", { body: { edits, user_input: text } }),
  });

/** The DAG for a description. Nothing is asked while the text is too short to mean anything. */
export const useGeneration = (text: string, edits: ReadonlyArray<Edit> = NO_EDITS) =>
  useQuery({
    enabled: text.trim().length >= 12,
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) =>
      ask<Body<"GenerationBody">>("POST", "/api/workflows/automation/generate", {
        body: { edits, user_input: text },
        signal,
      }),
    queryKey: ["generation", text, edits],
    retry: false,
    staleTime: 300_000,
  });

export const useHealthOfInstallation = () =>
  useQuery({
    queryFn: ({ signal }) => ask<Body<"HealthBody">>("GET", "/api/health", { signal }),
    queryKey: ["installation"],
  });

export const useAnalyzeLog = () =>
  useMutation({
    mutationFn: (log: string) =>
      ask<Body<"DiagnosisBody">>("POST", "/api/workflows/troubleshooting/analyze", { body: { error_logs: log } }),
  });

/** Put the file that is on the screen into the DAG folder. The server generates it anew and compares. */
export const useSave = () =>
  useMutation({
    mutationFn: async ({
      edits,
      replace,
      source,
      text,
    }: {
      edits: ReadonlyArray<Edit>;
      replace: boolean;
      source: string;
      text: string;
    }) => {
      const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(source));
      const hash = [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");

      return ask<Body<"SavedBody">>("POST", "/api/workflows/automation/save", {
        body: { edits, replace, source_hash: hash, user_input: text },
      });
    },
  });

/** What people said of all answers. */
export const useSatisfaction = () =>
  useQuery({
    queryFn: ({ signal }) =>
      ask<Body<"FeedbackSummaryBody">>("GET", "/api/workflows/feedback/summary", { query: { subject: "all" }, signal }),
    queryKey: ["satisfaction"],
  });

export const useFeedback = () =>
  useMutation({
    mutationFn: (body: Body<"FeedbackBody">) =>
      ask<Body<"FeedbackKeptBody">>("POST", "/api/workflows/feedback", { body }),
  });

/** The cause of a failure for the log of a try, of which the end is at hand; `key` tells one log from another. */
export const useDiagnosis = (log: string, state: string, key: unknown) =>
  useQuery({
    queryFn: ({ signal }) =>
      ask<Body<"DiagnosisBody">>("POST", "/api/workflows/troubleshooting/analyze", {
        body: { error_logs: log, facts: { state } },
        signal,
      }),
    // Not the log itself: a key is read anew with every drawing.
    queryKey: ["diagnosis", key, state],
    retry: false,
    staleTime: 300_000,
  });
