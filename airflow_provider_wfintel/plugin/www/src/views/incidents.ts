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

/** Alerts as incidents, the newest first. Alerts of one incident share its name; what began it follows from nothing. */
export const incidentsOf = (alerts: ReadonlyArray<Alert>, sessions: ReadonlyArray<Session>): ReadonlyArray<Incident> => {
  const groups = new Map<string, Array<Alert>>();

  for (const alert of alerts.filter((item) => item.run_id !== "")) {
    groups.set(alert.incident, [...(groups.get(alert.incident) ?? []), alert]);
  }

  return [...groups.values()]
    .flatMap((group) => {
      const [root, ...consequences] = group.sort(
        (one, other) =>
          Number(Boolean(one.follows_from)) - Number(Boolean(other.follows_from)) ||
          one.started_at.localeCompare(other.started_at),
      );

      return root === undefined
        ? []
        : [{ consequences, root, sessions: sessions.filter((session) => group.some((alert) => samePlace(alert, session))) }];
    })
    .sort((one, other) => other.root.started_at.localeCompare(one.root.started_at));
};
