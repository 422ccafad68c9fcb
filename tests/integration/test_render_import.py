"""The generated files in a real Airflow: they import, serialize, run when they should, and keep the user's words."""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone
from importlib.metadata import PackageNotFoundError, version
from itertools import pairwise
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from airflow_provider_wfintel.engine.catalog.patterns import load_patterns
from airflow_provider_wfintel.engine.generation.render import render_dag
from airflow_provider_wfintel.engine.generation.render.jinja_text import protect
from airflow_provider_wfintel.engine.generation.service import generate_from_pattern
from airflow_provider_wfintel.engine.model import (
    Argument,
    LiteralValue,
    OperatorRef,
    Schedule,
    TaskSpec,
    WorkflowSpec,
)

pytestmark = pytest.mark.integration

SNAPSHOTS = Path(__file__).parents[1] / "unit/generation/render/__snapshots__/test_snapshots"
NAMES = sorted(path.name.partition("[")[2].partition("]")[0] for path in SNAPSHOTS.glob("*.py.txt"))


def load(folder: Path, name: str, source: str):
    """The one DAG of `source`, by Airflow."""
    from airflow.dag_processing.dagbag import DagBag

    path = folder / f"{name}.py"
    path.write_text(source, encoding="utf-8")
    bag = DagBag(dag_folder=str(path), safe_mode=False, load_op_links=False, bundle_name="test")
    assert bag.import_errors == {}
    (dag,) = bag.dags.values()
    return dag


def serialized(dag):
    from airflow.serialization.serialized_objects import DagSerialization

    return DagSerialization.from_dict(json.loads(json.dumps(DagSerialization.to_dict(dag))))


@pytest.fixture
def snapshot_dag(tmp_path):
    def read(name):
        (path,) = SNAPSHOTS.glob(f"*[[]{name}].py.txt")
        return load(tmp_path, name, path.read_text(encoding="utf-8"))

    return read


@pytest.mark.parametrize("name", NAMES)
def test_every_snapshot_imports_and_serializes(name, snapshot_dag):
    dag = snapshot_dag(name)
    again = serialized(dag)
    assert dag.dag_id == name
    assert set(again.task_dict) == set(dag.task_dict)
    assert {key: task.downstream_task_ids for key, task in again.task_dict.items()} == {
        key: task.downstream_task_ids for key, task in dag.task_dict.items()
    }


def _is_installed(requirement: str) -> bool:
    try:
        return bool(version(Requirement(requirement).name))
    except PackageNotFoundError:
        return False


@pytest.mark.parametrize("pattern", load_patterns(), ids=lambda item: item.id)
def test_every_pattern_imports_and_serializes(pattern, tmp_path):
    generation = generate_from_pattern(pattern.id, {})
    missing = [name for name in generation.requirements if not _is_installed(name)]
    if missing:
        pytest.skip(f"not installed: {', '.join(missing)}")
    dag = load(tmp_path, pattern.id, generation.source)
    assert dag.dag_id == pattern.id
    assert set(serialized(dag).task_dict) == set(dag.task_dict) == set(generation.spec.task_ids)


def next_runs(dag, after: datetime, count: int = 4) -> list[str]:
    from airflow.timetables.base import TimeRestriction

    timetable = serialized(dag).timetable
    runs, last = [], None
    for _ in range(count):
        restriction = TimeRestriction(earliest=after, latest=None, catchup=True)
        info = timetable.next_dagrun_info(last_automated_data_interval=last, restriction=restriction)
        runs.append(info.run_after.astimezone(timezone.utc).strftime("%a %Y-%m-%d %H:%M"))
        last = info.data_interval
    return runs


class TestSchedules:
    def test_a_cron_keeps_its_wall_clock_time_when_summer_time_begins(self, snapshot_dag):
        import pendulum

        runs = next_runs(snapshot_dag("cron_in_zone"), pendulum.datetime(2026, 3, 26, 12))
        assert runs == [
            "Fri 2026-03-27 06:00",
            "Mon 2026-03-30 05:00",
            "Tue 2026-03-31 05:00",
            "Wed 2026-04-01 05:00",
        ]

    def test_several_crons_are_all_followed(self, snapshot_dag):
        import pendulum

        runs = next_runs(snapshot_dag("several_crons"), pendulum.datetime(2026, 1, 8, 20))
        assert runs == [
            "Fri 2026-01-09 14:00",
            "Fri 2026-01-09 22:30",
            "Mon 2026-01-12 14:00",
            "Tue 2026-01-13 14:00",
        ]

    def test_an_interval_is_kept(self, snapshot_dag):
        import pendulum

        runs = next_runs(snapshot_dag("every_ninety_minutes"), pendulum.datetime(2026, 1, 1), count=3)
        times = [datetime.strptime(run[4:], "%Y-%m-%d %H:%M").replace(tzinfo=timezone.utc) for run in runs]
        assert {later - earlier for earlier, later in pairwise(times)} == {timedelta(minutes=90)}

    @pytest.mark.parametrize(
        ("name", "timetable"),
        [
            ("manual_run", "NullTimetable"),
            ("once_only", "OnceTimetable"),
            ("without_end", "ContinuousTimetable"),
            ("after_both_assets", "AssetTriggeredTimetable"),
            ("after_either_asset", "AssetTriggeredTimetable"),
            ("asset_or_morning", "AssetOrTimeSchedule"),
        ],
    )
    def test_other_kinds_become_their_timetable(self, name, timetable, snapshot_dag):
        assert type(serialized(snapshot_dag(name)).timetable).__name__ == timetable

    def test_any_and_all_assets_are_told_apart(self, snapshot_dag):
        kinds = {
            name: type(serialized(snapshot_dag(name)).timetable.asset_condition).__name__
            for name in ("after_both_assets", "after_either_asset")
        }
        assert "All" in kinds["after_both_assets"]
        assert "Any" in kinds["after_either_asset"]


class TestSettings:
    def test_retries_limits_and_owner(self, snapshot_dag):
        dag = snapshot_dag("retries_and_limits")
        first, second = dag.get_task("first"), dag.get_task("second")
        assert (first.retries, first.retry_delay) == (5, timedelta(seconds=30))
        assert first.retry_exponential_backoff
        assert (second.retries, second.retry_delay) == (2, timedelta(minutes=5))
        assert (first.pool, second.pool) == ("etl_pool", "reports")
        assert (dag.max_active_runs, dag.max_active_tasks) == (1, 4)
        assert dag.owner == "analytics"
        assert dag.tags == {"finance", "daily"}

    def test_groups_prefix_their_tasks(self, snapshot_dag):
        assert set(snapshot_dag("groups_inside_groups").task_ids) == {
            "prepare",
            "extract.orders",
            "extract.customers",
            "load.quality.check",
            "publish",
        }

    def test_a_gate_stands_before_everything(self, snapshot_dag):
        dag = snapshot_dag("gate_last_business_day")
        assert [task.task_id for task in dag.roots] == ["only_on_last_business_day"]

    def test_teardown_knows_its_setup(self, snapshot_dag):
        dag = snapshot_dag("setup_and_teardown")
        assert dag.get_task("create_cluster").is_setup
        assert dag.get_task("delete_cluster").is_teardown

    def test_sensors_give_their_slot_back(self, snapshot_dag):
        dag = snapshot_dag("sensors")
        assert dag.get_task("file").deferrable
        assert dag.get_task("other_dag").deferrable

    def test_deadlines_are_counted_from_the_start_of_the_schedule(self, snapshot_dag):
        (alert,) = _as_list(snapshot_dag("deadline_by_clock").deadline)
        assert alert.interval == timedelta(minutes=90)

    def test_alerts_are_notifiers_or_functions(self, snapshot_dag):
        dag = snapshot_dag("alerts_everywhere")
        names = [getattr(item, "__name__", type(item).__name__) for item in dag.on_failure_callback]
        assert names == [
            "SlackNotifier",
            "SlackWebhookNotifier",
            "SmtpNotifier",
            "notify_webhook_on_failure",
            "notify_microsoft_teams_on_failure",
        ]
        fragile = _as_list(dag.get_task("fragile").on_failure_callback)
        assert [item.__name__ for item in fragile] == ["notify_rocketchat_on_failure"]


def _as_list(value):
    return list(value) if isinstance(value, list | tuple) else [value]


HOSTILE = [
    "{{ dag.dag_id }}",
    "{% for x in range(9) %}x{% endfor %}",
    "{# gone #} {{ '}}' }}",
    "{% raw %}{{ x }}{% endraw %}{{ ti }}",
    "{%- endraw -%}",
    "ends with a newline\n",
    "\n\nstarts with two",
    "carriage\r\nreturn",
    'quotes " and \' and """',
    "back\\slash \\n \\x7b",
    "世界 \u202e 😀",
    "{{",
    "}}",
    "{",
    "x.sh",
]


@pytest.mark.parametrize("words", HOSTILE)
def test_words_pass_airflows_rendering_unchanged(words, tmp_path):
    arguments = (
        Argument("bash_command", LiteralValue.of(words)),
        Argument("env", LiteralValue.of({"A": words, "B": {"__template__": "{{ ds }}"}})),
    )
    bash = OperatorRef("operator", "airflow.providers.standard.operators.bash:BashOperator")
    call = (Argument("folder", LiteralValue.of(words)), Argument("pattern", LiteralValue.of(words)))
    tasks = (
        TaskSpec("run", "", "none", bash, arguments=arguments),
        TaskSpec("files", "", "none", OperatorRef("taskflow", "task", "list_files"), arguments=call),
    )
    dag = load(tmp_path, "words", render_dag(WorkflowSpec("words", schedule=Schedule(), tasks=tasks)))
    context = {"ds": "2026-05-01", "dag": dag, "ti": None}
    run, files = dag.get_task("run"), dag.get_task("files")
    run.render_template_fields(context)
    files.render_template_fields(context)
    assert run.bash_command == words
    assert run.env == {"A": words, "B": "2026-05-01"}
    assert files.op_kwargs == {"folder": words, "pattern": words}


@pytest.mark.parametrize("words", HOSTILE)
def test_words_in_alerts_pass_rendering_unchanged(words):
    from airflow.providers.slack.notifications.slack import SlackNotifier

    notifier = SlackNotifier(text=protect(words), channel=protect(words))
    notifier.render_template_fields({"dag": None})
    assert (notifier.text, notifier.channel) == (words, words)
