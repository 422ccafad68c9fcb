import type { Alert } from "src/api/alerts";
import type { Session } from "src/api/sessions";

/** One thing that went wrong: the alert it began with, what followed from it, and the sessions that looked into it. */
export type Incident = {
  readonly consequences: ReadonlyArray<Alert>;
  readonly root: Alert;
  readonly sessions: ReadonlyArray<Session>;
};

const samePlace = (alert: Alert, session: Session) =>
  alert.dag_id === session.dag_id &&
  alert.run_id === session.run_id &&
  (alert.task_id === "" || alert.task_id === session.task_id);

/** Alerts as incidents, the newest first: an alert that follows from another one stands below it. */
export const incidentsOf = (alerts: ReadonlyArray<Alert>, sessions: ReadonlyArray<Session>): ReadonlyArray<Incident> => {
  const known = new Set(alerts.map((alert) => alert.incident));
  const follows = (alert: Alert) =>
    alert.follows_from !== null && alert.follows_from !== "" && alert.follows_from !== alert.incident && known.has(alert.follows_from);
  const below = new Map<string, Array<Alert>>();

  for (const alert of alerts.filter(follows)) {
    below.set(alert.follows_from ?? "", [...(below.get(alert.follows_from ?? "") ?? []), alert]);
  }

  return alerts
    .filter((alert) => alert.run_id !== "" && !follows(alert))
    .map((root) => {
      const consequences = below.get(root.incident) ?? [];

      return {
        consequences,
        root,
        sessions: sessions.filter((session) => [root, ...consequences].some((alert) => samePlace(alert, session))),
      };
    })
    .sort((one, other) => other.root.started_at.localeCompare(one.root.started_at));
};
