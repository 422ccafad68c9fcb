/** Alerts: what is wrong now, and what people do about it. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

import { ask, type Body } from "src/api/client";
import { joined, usePages } from "src/api/pages";

const PLACE = "/api/workflows/monitoring/alerts";

export type Alert = Body<"AlertBody">;

export const useAlerts = (status: Alert["status"] | "", dagId = "", limit?: number) =>
  useQuery({
    queryFn: ({ signal }) =>
      ask<Body<"AlertsBody">>("GET", PLACE, { query: { dag_id: dagId, limit, status: status || undefined }, signal }),
    queryKey: ["alerts", status, dagId, limit],
    refetchInterval: 15_000,
  });

/** The same by pages, for a list. */
export const useAlertPages = (status: Alert["status"] | "", dagId = "") =>
  usePages<Body<"AlertsBody">>(
    "alerts",
    PLACE,
    { dag_id: dagId, status: status || undefined },
    (pages) => joined(pages, "alerts"),
    15_000,
  );

export type AlertAct = { readonly act: "ack" | "resolve" } | { readonly act: "silence"; readonly minutes: number };

export const useActOnAlert = (id: string) => {
  const client = useQueryClient();

  return useMutation({
    mutationFn: (wanted: AlertAct) =>
      ask<unknown>("POST", `${PLACE}/${id}/${wanted.act}`, {
        body: wanted.act === "silence" ? { comment: "", minutes: wanted.minutes, whole_dag: false } : undefined,
      }),
    onSuccess: () => client.invalidateQueries({ queryKey: ["alerts"] }),
  });
};
