/** Sessions of failed tries: open, resolve, verify, undo, close. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

import type { TryRef } from "src/api/airflow";
import { ask, type Body } from "src/api/client";
import { joined, usePages } from "src/api/pages";

const PLACE = "/api/workflows/troubleshooting/sessions";

export type Session = Body<"SessionBody">;
export type SessionStatus = Session["status"];

export const useSessions = (status: SessionStatus | "", dagId = "") =>
  useQuery({
    queryFn: ({ signal }) =>
      ask<Body<"SessionsBody">>("GET", PLACE, { query: { dag_id: dagId, status: status || undefined }, signal }),
    queryKey: ["sessions", status, dagId],
    refetchInterval: 15_000,
  });

/** The same by pages, for a list. */
export const useSessionPages = (status: SessionStatus | "") =>
  usePages<Body<"SessionsBody">>(
    "sessions",
    PLACE,
    { status: status || undefined },
    (pages) => joined(pages, "sessions"),
    15_000,
  );

export const useSession = (id: string | undefined) =>
  useQuery({
    enabled: id !== undefined,
    queryFn: ({ signal }) => ask<Body<"SessionDetailBody">>("GET", `${PLACE}/${id ?? ""}`, { signal }),
    queryKey: ["session", id],
  });

const OPEN: ReadonlySet<SessionStatus> = new Set(["in_progress", "manual_intervention_required", "escalated"]);

export const isOpen = (session: Session): boolean => OPEN.has(session.status);

/** The remedies that fit. A new session is kept with its cause only: a dry run, which changes nothing, finds them. */
export const useOffers = (session: Session) => {
  const kept = session.offers.length > 0 || !isOpen(session);

  return useQuery({
    enabled: !kept,
    initialData: kept ? session.offers : undefined,
    queryFn: async ({ signal }) => {
      const tried = await ask<Body<"ResolutionBody">>("POST", `${PLACE}/${session.session_id}/resolve`, {
        body: { mode: "dry_run", remedy: "" },
        signal,
      });

      return tried.offers;
    },
    queryKey: ["offers", session.session_id, session.status, session.offers],
    retry: false,
    staleTime: 60_000,
  });
};

export const useRates = () =>
  useQuery({
    queryFn: ({ signal }) => ask<Body<"RatesBody">>("GET", "/api/workflows/troubleshooting/rates", { signal }),
    queryKey: ["rates"],
  });

export const useOpenSession = () => {
  const client = useQueryClient();

  return useMutation({
    mutationFn: ({ dagId, mapIndex, runId, taskId }: TryRef) =>
      ask<Body<"SessionDetailBody">>("POST", PLACE, {
        body: { dag_id: dagId, map_index: mapIndex, run_id: runId, task_id: taskId },
      }),
    onSuccess: (detail) => {
      client.setQueryData(["session", detail.session.session_id], detail);
    },
  });
};

type Act =
  | { readonly act: "close"; readonly status: Body<"CloseBody">["status"] }
  | { readonly act: "resolve"; readonly mode: "apply" | "dry_run"; readonly remedy: string }
  | { readonly act: "undo" }
  | { readonly act: "verify" };

/** One act on a session; what is shown of it is asked for anew afterwards. */
export const useActOnSession = (id: string) => {
  const client = useQueryClient();

  return useMutation({
    mutationFn: async ({ act, ...body }: Act): Promise<Body<"ResolutionBody"> | undefined> => {
      const answer = await ask<Body<"ResolutionBody"> | Session>("POST", `${PLACE}/${id}/${act}`, {
        body: act === "verify" || act === "undo" ? undefined : act === "close" ? { reason: "", ...body } : body,
      });

      return act === "resolve" ? (answer as Body<"ResolutionBody">) : undefined;
    },
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ["session", id] });
      await client.invalidateQueries({ queryKey: ["sessions"] });
    },
  });
};
