/** Health, forecasts, anomalies, insights and figures. */
import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

import { ask, type Body } from "src/api/client";
import { joined, usePages } from "src/api/pages";

const PLACE = "/api/workflows/monitoring";

export const useHealth = (dagId = "") =>
  useQuery({
    queryFn: ({ signal }) =>
      ask<Body<"DeploymentHealthBody">>("GET", `${PLACE}/health`, { query: { dag_id: dagId }, signal }),
    queryKey: ["health", dagId],
  });

const HEALTH_ROWS = 100;

/** Health, the worst DAGs first, by pages. */
export const useHealthPages = () =>
  usePages<Body<"DeploymentHealthBody"> & { readonly next_cursor?: string }>(
    "health",
    `${PLACE}/health`,
    { limit: HEALTH_ROWS },
    (pages) => joined(pages, "dags"),
  );

export const useOverviewMetrics = (days: number) =>
  useQuery({
    queryFn: ({ signal }) => ask<Body<"OverviewBody">>("GET", `${PLACE}/metrics`, { query: { days }, signal }),
    queryKey: ["metrics", days],
  });

export const useForecast = (dagId: string) =>
  useQuery({
    enabled: dagId !== "",
    queryFn: ({ signal }) =>
      ask<Body<"ForecastBody">>("GET", `${PLACE}/forecast`, { query: { dag_id: dagId }, signal }),
    queryKey: ["forecast", dagId],
    refetchInterval: 30_000,
  });

/** The runs that go on in all DAGs, those most likely to be late first. */
export const useForecasts = () =>
  useQuery({
    queryFn: ({ signal }) => ask<Body<"ForecastsBody">>("GET", `${PLACE}/forecasts`, { signal }),
    queryKey: ["forecasts"],
    refetchInterval: 30_000,
  });

export const useAnomalies = (dagId = "") =>
  usePages<Body<"AnomaliesBody">>("anomalies", `${PLACE}/anomalies`, { dag_id: dagId }, (pages) =>
    joined(pages, "anomalies"),
  );

export const useInsights = (dagId = "") =>
  usePages<Body<"InsightsBody">>("insights", `${PLACE}/insights`, { dag_id: dagId }, (pages) =>
    joined(pages, "insights"),
  );

type Services = { readonly next_cursor?: string; readonly services: ReadonlyArray<Body<"ServiceStatusBody">> };

/** The connections that DAGs use, with the last look at the service behind each. */
export const useServicePages = () =>
  usePages<Services>("services", `${PLACE}/services`, {}, (pages) => joined(pages, "services"));

export const useSchedule = (days: number, zone: string) =>
  useQuery({
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => ask<Body<"ScheduleBody">>("GET", `${PLACE}/schedule`, { query: { days, zone }, signal }),
    queryKey: ["schedule", days, zone],
    staleTime: 60_000,
  });

export const useReport = (days: number) =>
  useQuery({
    queryFn: ({ signal }) => ask<Body<"ReportBody">>("GET", `${PLACE}/report`, { query: { days }, signal }),
    queryKey: ["report", days],
  });

/** Say that an anomaly was a false alarm, or a real incident: the detector learns from it. */
export const useMark = () => {
  const client = useQueryClient();

  return useMutation({
    mutationFn: ({ anomalyId, dagId, incident }: { anomalyId: string; dagId: string; incident: boolean }) =>
      ask<unknown>("POST", "/api/workflows/feedback", {
        body: {
          dag_id: dagId,
          subject: "insight",
          subject_id: anomalyId,
          verdict: incident ? "accepted" : "rejected",
        },
      }),
    onSuccess: () => client.invalidateQueries({ queryKey: ["anomalies"] }),
  });
};
