"""What the doctor says: each check in the state in which all is well and in those in which it is not."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from importlib.metadata import PackageNotFoundError
from pathlib import Path

import pytest

from airflow_provider_wfintel.app.collecting.cursors import Cursors
from airflow_provider_wfintel.app.doctor import (
    alerts,
    bundle,
    clock,
    collector,
    components,
    database,
    disk,
    entry_points,
    examine,
    lease,
    listener,
    migrations,
    permissions,
    retention,
    settings,
    versions,
)
from airflow_provider_wfintel.app.doctor.line import Check, Line, Scene, fail, ok, warn
from airflow_provider_wfintel.config import Settings
from airflow_provider_wfintel.engine.monitoring.service import Message, Receiver
from airflow_provider_wfintel.exceptions import RemoteError, StoreError
from airflow_provider_wfintel.host.deployment import Heartbeat
from airflow_provider_wfintel.store.repositories.checkup import LeaseRow, Measured, Undelivered

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=timezone.utc)
MINUTE = timedelta(minutes=1)


@contextmanager
def no_database():
    raise StoreError("the database refused the work (OperationalError)")
    yield


def scene(**values):
    return replace(Scene(no_database, Settings(), lambda: NOW), **values)


def states(lines):
    return [line.state for line in lines]


def beat(component="scheduler", *, ago=5.0, running=True, host="a"):
    return Heartbeat(component, host, NOW - timedelta(seconds=ago), running)


class TestVersions:
    def test_a_requirement_that_is_met_says_nothing(self):
        assert list(versions.of_requirements(["x>=2", 'y>=1; extra == "more"'], {"x": "2.1"}.__getitem__)) == []

    def test_one_that_is_too_old_or_missing_fails_with_what_to_install(self):
        def installed(name):
            if name == "y":
                raise PackageNotFoundError(name)
            return "1.9"

        lines = list(versions.of_requirements(["x>=2", "y>=1"], installed))
        assert states(lines) == ["fail", "fail"]
        assert [line.fix for line in lines] == ['pip install "x>=2"', 'pip install "y>=1"']

    @pytest.mark.parametrize(("version", "state"), [("3.3.9", "ok"), ("3.4.0", "warn"), ("4.0", "warn")])
    def test_an_airflow_that_nobody_tried_is_a_warning(self, version, state):
        assert versions.of_airflow(version).state == state


class TestSettings:
    def test_known_options_say_nothing(self):
        assert list(settings.unknown_options(["collector", "retention_days"])) == []

    def test_a_typing_error_is_found_and_the_right_word_named(self):
        (line,) = settings.unknown_options(["retention_day"])
        assert (line.state, line.fix) == ("warn", "did you mean retention_days?")


class TestEntryPoints:
    def test_one_of_each_is_right(self):
        assert list(entry_points.of_groups(dict.fromkeys(entry_points.GROUPS, 1))) == []
        assert list(entry_points.of_plugins(True, {})) == []

    def test_none_and_two_fail(self):
        found = {"apache_airflow_provider": 1, "airflow.plugins": 2}
        assert states(entry_points.of_groups(found)) == ["fail", "fail"]

    def test_a_plugin_that_cannot_be_loaded_says_why(self):
        (line,) = entry_points.of_plugins(False, {"wfintel": "Traceback…\nImportError: no module"})
        assert line.state == "fail"
        assert "ImportError: no module" in line.said

    def test_one_that_is_not_there_fails_and_errors_of_others_are_not_ours(self):
        assert states(entry_points.of_plugins(False, {"other": "x"})) == ["fail"]
        assert states(entry_points.of_plugins(True, {"other": "x"})) == []


@pytest.mark.parametrize(("seconds", "state"), [(0.001, "ok"), (0.2, "warn"), (1.5, "fail")])
def test_a_database_is_judged_by_its_answers(seconds, state):
    assert database.of_latency(seconds, "postgresql", "17.1").state == state


@pytest.mark.parametrize(("dialect", "machines", "lines"), [("sqlite", 1, 0), ("sqlite", 2, 1), ("postgresql", 9, 0)])
def test_a_file_is_no_database_for_two_machines(dialect, machines, lines):
    assert states(database.of_machines(dialect, machines)) == ["fail"] * lines


@pytest.mark.parametrize(
    ("missing", "at", "state", "fix"),
    [
        ((), {"0002"}, "ok", ""),
        ((), {"0001"}, "fail", "run `airflow db migrate`"),
        ((), set(), "fail", "run `airflow db migrate`"),
        (("wfintel_lease",), {"0002"}, "fail", "run `airflow db migrate`"),
        ((), {"0009"}, "fail", "install the newer version"),
    ],
)
def test_tables_have_the_revision_of_the_package(missing, at, state, fix):
    line = migrations.of_tables(missing, at, {"0002"}, {"0001", "0002"})
    assert (line.state, line.fix) == (state, fix)


class TestPermissions:
    def test_paths_that_can_be_used_say_nothing(self, tmp_path):
        file = tmp_path / "alerts.yaml"
        file.touch()
        values = Settings(alerts_file=file, dags_save_folder=tmp_path, plan_file=tmp_path / "plan.json")
        assert list(permissions.of_paths(scene(settings=values), tmp_path)) == []

    def test_those_that_cannot_fail(self, tmp_path):
        away = tmp_path / "away"
        values = Settings(alerts_file=away, remedy_policy_file=away, dags_save_folder=away, plan_file=away / "plan")
        lines = list(permissions.of_paths(scene(settings=values), away))
        assert states(lines) == ["fail"] * 5
        assert all(line.fix for line in lines)


class TestComponents:
    def test_all_alive(self):
        found = [beat(), beat(host="b"), beat("dag-processor"), beat("triggerer")]
        lines = list(components.of_heartbeats(found, NOW))
        assert states(lines) == ["ok"] * 3
        assert lines[0].said == "scheduler is alive on 2 machines"

    def test_one_that_was_killed_is_silent_although_it_says_that_it_runs(self):
        found = [beat(ago=90), beat("dag-processor"), beat("triggerer", running=False)]
        assert states(components.of_heartbeats(found, NOW)) == ["fail", "ok", "fail"]

    def test_one_that_never_ran(self):
        assert states(components.of_heartbeats([], NOW)) == ["fail", "fail", "warn"]


class TestClock:
    @pytest.mark.parametrize(("seconds", "state"), [(0.0, "ok"), (-1.9, "ok"), (2.5, "warn"), (-11.0, "fail")])
    def test_the_difference_decides(self, seconds, state):
        assert clock.of_difference(seconds, 0.01).state == state

    def test_what_a_slow_answer_leaves_open_is_not_counted(self):
        assert clock.of_difference(4.0, 3.0).state == "ok"

    def test_signs_of_life_from_the_future(self):
        found = [beat(ago=0), beat(ago=-5, host="b"), beat(ago=-50, host="c"), beat(ago=-50, running=False)]
        assert states(clock.of_future(found, NOW)) == ["warn", "fail"]


class TestCollector:
    @pytest.mark.parametrize(
        ("ago", "state"), [(0, "ok"), (59, "ok"), (-30, "ok"), (61, "warn"), (299, "warn"), (301, "fail")]
    )
    def test_the_last_look_decides(self, ago, state):
        cursors = Cursors(imported=True, polled_at=(NOW - timedelta(seconds=ago)).isoformat())
        assert collector.of_cursors(cursors, "standalone", 15, NOW).state == state

    def test_long_intervals_have_longer_limits(self):
        cursors = Cursors(imported=True, polled_at=(NOW - 9 * MINUTE).isoformat())
        assert collector.of_cursors(cursors, "api-server", 200, NOW).state == "ok"

    @pytest.mark.parametrize(
        ("cursors", "how", "state"),
        [
            (None, "standalone", "fail"),
            (None, "off", "warn"),
            (Cursors(total=9), "standalone", "warn"),
            (Cursors(imported=True), "api-server", "fail"),
        ],
    )
    def test_who_never_looked(self, cursors, how, state):
        assert collector.of_cursors(cursors, how, 15, NOW).state == state


class TestLease:
    def row(self, left):
        return LeaseRow("host:1", 3, NOW, NOW + left, {})

    @pytest.mark.parametrize(
        ("left", "state"),
        [(MINUTE, "ok"), (-MINUTE, "warn"), (-3 * MINUTE, "fail"), (timedelta(days=400), "fail")],
    )
    def test_its_end_decides(self, left, state):
        line = lease.of_lease(self.row(left), "standalone", 2 * MINUTE, NOW)
        assert line.state == state
        assert bool(line.fix) == (state != "ok")

    def test_nobody_ever_had_it(self):
        assert lease.of_lease(None, "standalone", MINUTE, NOW).state == "fail"
        assert lease.of_lease(None, "off", MINUTE, NOW).state == "ok"


class TestListener:
    def test_measures_prove_it(self):
        assert states(listener.of_machines([Measured("a", 9, 9)], [Measured("b", 1, 1)])) == ["ok"]

    def test_a_worker_without_any_fails_although_others_have_them(self):
        lines = list(listener.of_machines([Measured("a", 9, 9), Measured("b", 3, 0)], []))
        assert states(lines) == ["fail", "ok"]
        assert "none of 3 tries on b" in lines[0].said

    def test_few_measures_are_a_warning(self):
        assert states(listener.of_machines([Measured("a", 9, 4)], [])) == ["warn", "ok"]

    def test_too_few_tries_tell_nothing(self):
        assert states(listener.of_machines([Measured("a", 2, 0)], [Measured("a", 50, 0)])) == ["warn"]
        assert states(listener.of_machines([], [])) == ["warn"]


@pytest.mark.parametrize(
    ("rows", "days_ago", "days", "state"),
    [
        (9, 401, 400, "ok"),
        (9, 403, 400, "warn"),
        (0, None, 400, "ok"),
        (9, 9000, 0, "ok"),
        (30_000_000, 9000, 0, "warn"),
    ],
)
def test_what_is_old_is_deleted(rows, days_ago, days, state):
    first = None if days_ago is None else NOW - timedelta(days=days_ago)
    assert retention.of_rows(rows, first, days, NOW).state == state


@pytest.mark.parametrize(
    ("free", "total", "state"), [(50, 100, "ok"), (1.5, 200, "warn"), (0.9, 10, "warn"), (0.1, 10, "fail")]
)
def test_room_is_needed(free, total, state):
    assert disk.of_room("logs", int(free * 1024**3), int(total * 1024**3)).state == state


class TestAlerts:
    MESSAGE = Message("k", "i", "firing", "info", "a test")

    def test_nothing_stuck_says_nothing(self):
        assert list(alerts.of_undelivered([])) == []

    def test_what_is_stuck_says_since_when_and_why(self):
        (line,) = alerts.of_undelivered([Undelivered("chat", 3, NOW, "RemoteError: 404")])
        assert line.state == "fail"
        assert line.said == "3 messages for 'chat' wait since 2026-03-02T12:00:00+00:00: RemoteError: 404"

    def test_a_receiver_that_takes_the_message(self):
        assert alerts.of_test(Receiver("me", "log"), self.MESSAGE).state == "ok"

    @pytest.mark.parametrize(
        "error", [RemoteError("the webhook answered 404", hint="see it"), KeyError("password=hunter2-hunter2")]
    )
    def test_one_that_does_not(self, monkeypatch, error):
        def send(_message, _receiver):
            raise error

        channel = type("Broken", (), {"send": staticmethod(send)})
        monkeypatch.setattr("airflow_provider_wfintel.host.channels.channel_of", lambda _name: channel)
        line = alerts.of_test(Receiver("me", "chat"), self.MESSAGE)
        assert line.state == "fail"
        assert line.fix
        assert "hunter2" not in line.said


class TestPages:
    def test_addresses_are_those_of_our_plugin(self):
        pages = [{"bundle_url": "wfintel-ui/main.umd.cjs?v=1"}, {"bundle_url": "wfintel-ui/main.umd.cjs?v=2"}]
        plugins = [{"name": "wfintel", "react_apps": pages}, {"name": "x", "react_apps": [{"bundle_url": "y"}]}]
        assert bundle.bundles_of(plugins) == {"wfintel-ui/main.umd.cjs"}

    def test_it_asks_where_tasks_do_before_the_address_of_browsers(self):
        """In a container `[api] base_url` is often an address that only a browser can reach."""
        told = bundle.addresses("http://api-server:8080/air/execution/", "http://127.0.0.1:8080/")
        assert told == ("http://api-server:8080/air", "http://127.0.0.1:8080")
        assert bundle.addresses("", "http://127.0.0.1:8080") == ("http://127.0.0.1:8080",)

    def test_the_first_that_answers_counts_and_silence_is_told_with_all_addresses(self):
        import responses

        places = ("http://one.test", "http://two.test")
        with responses.RequestsMock() as net:
            net.get("http://two.test/wfintel-ui/main.umd.cjs", body=b"new")
            assert bundle._served(places, "wfintel-ui/main.umd.cjs", b"new").state == "ok"
        with responses.RequestsMock() as net:
            net.get("http://one.test/wfintel-ui/main.umd.cjs", body=b"old")
            assert bundle._served(places, "wfintel-ui/main.umd.cjs", b"new").state == "fail"
        with responses.RequestsMock(assert_all_requests_are_fired=False):
            said = bundle._served(places, "wfintel-ui/main.umd.cjs", b"new").said
            assert "http://one.test (ConnectionError) or http://two.test (ConnectionError)" in said

    @pytest.mark.parametrize(
        ("status", "served", "state"), [(200, b"new", "ok"), (200, b"old", "fail"), (404, b"new", "fail")]
    )
    def test_the_same_files_are_served(self, status, served, state):
        assert bundle.of_answer(status, served, b"new").state == state


class TestExamination:
    def test_every_file_is_registered_once(self):
        folder = Path(examine.__file__).parent
        files = {path.stem for path in folder.glob("*.py")} - {"__init__", "line", "examine"}
        assert len(examine.CHECKS) == len({check.name for check in examine.CHECKS}) == len(files)

    def test_lines_get_the_name_of_their_check_and_the_worst_is_the_status(self):
        checks = [Check("a", lambda _: [ok("1")], False), Check("b", lambda _: [warn("2", "x")], False)]
        lines = examine.examine(scene(), checks)
        assert lines == (Line("a", "ok", "1"), Line("b", "warn", "2", "x"))
        assert [examine.status_of(found) for found in ((), lines[:1], lines, [*lines, fail("3", "y")])] == [0, 0, 1, 2]

    def test_a_check_that_breaks_does_not_stop_the_others(self):
        def breaks(_scene):
            yield ok("so far")
            raise ZeroDivisionError

        lines = examine.examine(scene(), [Check("a", breaks, False), Check("b", lambda _: [ok("1")], False)])
        assert states(lines) == ["ok", "fail", "ok"]

    def test_without_a_database_what_needs_it_is_not_tried(self):
        lines = examine.examine(scene(), [database.CHECK, lease.CHECK, Check("b", lambda _: [ok("1")], False)])
        assert states(lines) == ["fail", "fail", "ok"]
        assert lines[1].said.startswith("not looked at")
