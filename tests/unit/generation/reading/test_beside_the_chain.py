"""Work that stands beside the chain: on some days only, or independent of it."""

from __future__ import annotations

import pytest

from airflow_provider_wfintel.engine.generation.service import generate


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Every day at 6 run `a.sh`; on the first day of the month also run `b.sh`.", "first_of_month"),
        ("Every day at 6 run `a.sh` and also run `b.sh` on Mondays.", "monday"),
        ("Run `a.sh` nightly. On weekends also run `b.sh`.", "weekend"),
    ],
)
def test_more_work_on_some_days_is_no_second_schedule(text: str, day: str) -> None:
    done = generate(text)
    (gate,) = [task for task in done.spec.tasks if task.operator.recipe == "gate_on_day"]
    assert getattr(gate.argument("which").value, "value", "") == day  # type: ignore[union-attr]
    assert not [item for item in (*done.clarifications, *done.warnings) if item.about == "schedule"]
    assert done.spec.schedule.kind == "cron"


def test_what_follows_does_not_wait_for_the_extra_work() -> None:
    done = generate("Every day at 6 run `a.sh` and also run `b.sh` on Mondays. Then post to Slack #ops.")
    assert done.spec.upstream_of("post_slack") == ("run_a_sh",)


def test_a_day_alone_is_the_schedule() -> None:
    done = generate("On Mondays also run `b.sh`.")
    assert len(done.spec.tasks) == 1
    assert done.spec.schedule.crons == ("0 0 * * 1",)


@pytest.mark.parametrize(
    "words", ["Independently of that, refresh", "Separately, refresh", "Unabhängig davon, refresh"]
)
def test_what_is_independent_starts_on_its_own_and_nothing_waits_for_it(words: str) -> None:
    done = generate(
        f"Daily at 4 load s3://in/a.csv into the Redshift table sales.a. Then run sql/m.sql in Redshift. {words} the Tableau "
        "data source Sales. Finally post to Slack #done."
    )
    assert done.spec.upstream_of("refresh_sales_tableau") == ()
    assert done.spec.upstream_of("post_slack") == ("run_redshift",)


def test_the_rest_of_a_german_deadline_is_understood() -> None:
    done = generate("Täglich um 2 Uhr `load.sh` ausführen; spätestens um 5:30 Uhr muss alles fertig sein, sonst Mail an o@acme.de.")  # fmt: skip
    assert done.spec.deadline is not None
    assert done.unused == ()
