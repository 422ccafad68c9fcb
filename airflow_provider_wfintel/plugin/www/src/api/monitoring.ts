/** Health, forecasts, anomalies, insights and figures. */
import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

import { ask, type Body } from "src/api/client";

const PLACE = "/api/workflows/monitoring";

export const useHealth = (dagId = "") =>
  useQuery({
    queryFn: ({ signal }) =>
      ask<Body<"DeploymentHealthBody">>("GET", `${PLACE}/health`, { query: { dag_id: dagId }, signal }),
    queryKey: ["health", dagId],
  });

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

export const useAnomalies = (dagId = "") =>
  useQuery({
    queryFn: ({ signal }) =>
      ask<Body<"AnomaliesBody">>("GET", `${PLACE}/anomalies`, { query: { dag_id: dagId }, signal }),
    queryKey: ["anomalies", dagId],
  });

export const useInsights = (dagId = "") =>
  useQuery({
    queryFn: ({ signal }) =>
      ask<Body<"InsightsBody">>("GET", `${PLACE}/insights`, { query: { dag_id: dagId }, signal }),
    queryKey: ["insights", dagId],
  });

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
