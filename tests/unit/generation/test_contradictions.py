"""What cannot hold together is named with both sides, and one of them is used."""

from __future__ import annotations

import pytest

from airflow_provider_wfintel.engine.generation.service import generate


def _warnings(text: str) -> list[str]:
    return [warning.text for warning in generate(text).warnings if "contradiction" in warning.text]


@pytest.mark.parametrize(
    ("text", "sides"),
    [
        ("By hand only. Every night at 2 run `tidy.sh`.", ("By hand", "Every night at 2")),
        ("Daily at 8 Lisbon time run `tidy.sh`. All times are in Tokyo time.", ("Lisbon", "Tokyo")),
        ("Daily 4:00, must finish by 6:00. Deadline is 7:00. Run `tidy.sh`.", ("6:00", "7:00")),
        ("No catchup. Daily at 2:00 run `tidy.sh`. Backfill everything since 2026-02-01.", ("No catchup", "Backfill")),
        ("Daily 1:00 from 2026-09-01 until 2026-03-01 run `tidy.sh`.", ("2026-03-01", "2026-09-01")),
        ("Run `tidy.sh` only once, on 2026-06-02, and catch up all missed runs.", ("once", "catch up")),
        ("Hourly at 7:00 am run `tidy.sh`.", ("Hourly at 7:00", "time of day")),
        ("`tidy.sh` runs @daily. It is executed every 20 minutes.", ("0 0 * * *", "every 20 minutes")),
        ("Two retries. `tidy.sh` runs daily at 3. On errors try it again six times.", ("Two retries", "six times")),
        ("2 retries, 5 minutes apart; daily 3:00 `tidy.sh`. Wait 9 minutes between the retries.", ("300 s", "540 s")),
        ("At most 3 tasks at once, at most 7 tasks in parallel. Daily at noon run `tidy.sh`.", ("3", "7")),
        ("Daily 5:00 run `tidy.sh`, on failure mail ops@example.org. Don't send any mails.", ("Don't send any mails",)),
        (
            "Daily 5:00. Run the job alpha_x in Databricks after beta_y. Run beta_y after alpha_x.",
            ("circle", "alpha_x", "beta_y"),
        ),
        (
            "Daily 5:00 back up MySQL. Keep backups for 20 days. Delete backups older than 9 days.",
            ("20 days", "9 days"),
        ),
    ],
)
def test_both_sides_are_named(text: str, sides: tuple[str, ...]) -> None:
    said = " ".join(_warnings(text))
    assert [side for side in sides if side not in said] == []


@pytest.mark.parametrize(
    "text",
    [
        "Daily at 04:30 CST (10:30 UTC) run `tidy.sh`.",
        "Daily at 6 run `tidy.sh`; it can also be started by hand.",
        "Schedule: 0 5 * * *, each morning: run `tidy.sh`.",
        "Daily at 6 run `a.sh`, after that run `b.sh`, after that run `c.sh`.",
        "Every 6 hours starting at 02:00 run `tidy.sh`. Two retries, 5 minutes apart.",
        "Daily 5:00 run `tidy.sh`, on failure mail ops@example.org. No mails on success.",
    ],
)
def test_what_fits_together_is_no_contradiction(text: str) -> None:
    assert _warnings(text) == []


def test_the_end_before_the_start_is_left_out() -> None:
    spec = generate("Daily 1:00 from 2026-09-01 until 2026-03-01 run `tidy.sh`.").spec
    assert (spec.start_date, spec.end_date) == ("2026-09-01", "")
