/** Seconds as Airflow shows durations: `1m 23s`. */
export const duration = (seconds: number | null | undefined): string => {
  if (seconds === null || seconds === undefined || Number.isNaN(seconds)) {
    return "–";
  }
  if (seconds < 10) {
    return `${seconds.toFixed(1)}s`;
  }
  const whole = Math.round(seconds);
  const parts: Array<[number, string]> = [
    [Math.floor(whole / 86_400), "d"],
    [Math.floor((whole % 86_400) / 3600), "h"],
    [Math.floor((whole % 3600) / 60), "m"],
    [whole % 60, "s"],
  ];

  return parts
    .filter(([value]) => value > 0)
    .slice(0, 2)
    .map(([value, unit]) => `${value}${unit}`)
    .join(" ");
};

export const percent = (share: number | null | undefined, digits = 0): string =>
  share === null || share === undefined ? "–" : `${(share * 100).toFixed(digits)} %`;

/** The time zone that the user chose in Airflow; UTC until then, as there. */
export const hostTimeZone = (): string => {
  const kept = globalThis.localStorage?.getItem("timezone");

  if (kept === null || kept === undefined || kept === "") {
    return "UTC";
  }
  try {
    const parsed: unknown = JSON.parse(kept);

    return typeof parsed === "string" ? parsed : kept;
  } catch {
    return kept;
  }
};

/** A number as people write it: `4,779`. */
export const count = (value: number): string => value.toLocaleString("en");

/** The day of a moment in the user's time zone: `Tue 1 Dec`. */
export const day = (iso: string, zone = hostTimeZone()): string =>
  new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", timeZone: zone, weekday: "short" }).format(new Date(iso));

/** A moment in the user's time zone: `Tue 1 Dec 2026, 06:00 UTC`. */
export const moment = (iso: string | null | undefined, zone = hostTimeZone()): string => {
  if (iso === null || iso === undefined || iso === "") {
    return "–";
  }
  const date = new Date(iso);

  if (Number.isNaN(date.getTime())) {
    return iso;
  }

  return new Intl.DateTimeFormat("en-GB", {
    day: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    month: "short",
    timeZone: zone,
    timeZoneName: "short",
    weekday: "short",
    year: "numeric",
  }).format(date);
};
