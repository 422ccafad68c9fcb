"""The stand-ins of a trial run that are plain Python: what they write down and what they answer."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import tarfile
import zipfile

import pytest

from airflow_provider_wfintel.engine.model import Trial, TrialRun, TrialTask, from_json, to_json
from airflow_provider_wfintel.host.trial.answers import http_answer, rows_for
from airflow_provider_wfintel.host.trial.databases import StandInConnection
from airflow_provider_wfintel.host.trial.files import Overlay
from airflow_provider_wfintel.host.trial.recorder import ClientStandIn, Recorder, summary
from airflow_provider_wfintel.host.trial.samples import sample_of


class TestSummary:
    @pytest.mark.parametrize(
        "value",
        [
            {"password": "hunter2"},
            {"login": {"api_key": "hunter2"}},
            "token=hunter2 x",
            "copy with aws_secret_access_key=hunter2",
        ],
    )
    def test_secrets_are_blanked_out(self, value):
        assert "hunter2" not in summary(value)

    def test_long_values_are_cut(self):
        assert len(summary("x" * 5000)) <= 300

    def test_bytes_that_are_no_text_are_counted(self):
        assert summary(b"\xff\xfe\x00") == "3 bytes"


class TestSampleFiles:
    @pytest.mark.parametrize("name", ["a.zip", "a.tar", "a.tar.gz", "a.tgz"])
    def test_an_archive_can_be_unpacked(self, name):
        content = io.BytesIO(sample_of(name))
        if name.endswith(".zip"):
            assert zipfile.ZipFile(content).namelist() == ["sample_1.csv"]
        else:
            with tarfile.open(fileobj=content) as archive:
                assert archive.getnames() == ["sample_1.csv"]

    def test_a_compressed_file_holds_what_its_name_says(self):
        assert gzip.decompress(sample_of("a.json.gz")) == sample_of("a.json")

    def test_a_checksum_is_that_of_the_file_beside_it(self):
        assert sample_of("a.tar.gz.sha256").split()[0] == hashlib.sha256(sample_of("a.tar.gz")).hexdigest().encode()


class TestRows:
    def test_columns_are_those_of_the_select_list(self):
        columns, rows = rows_for("SELECT id, lower(mail) AS mail, t.total FROM shop.orders t", has_rows=True)
        assert columns == ("id", "mail", "total")
        assert len(rows) == 2

    def test_a_count_is_one_number_and_zero_without_data(self):
        assert rows_for("select count(*) from t", has_rows=True)[1] == [(100,)]
        assert rows_for("select count(*) from t", has_rows=False)[1] == [(0,)]

    def test_a_query_without_data_has_no_rows(self):
        assert rows_for("SELECT * FROM t", has_rows=False)[1] == []

    def test_what_is_no_query_has_no_columns(self):
        assert rows_for("DELETE FROM t WHERE x < 1", has_rows=True) == ((), [])

    def test_commas_inside_of_calls_are_no_columns(self):
        assert rows_for("SELECT coalesce(a, b) x, y FROM t", has_rows=True)[0] == ("x", "y")


class TestDatabase:
    def test_statements_are_written_down_with_their_table(self):
        recorder = Recorder()
        cursor = StandInConnection(recorder, "postgres").cursor()
        cursor.execute("INSERT INTO shop.orders VALUES (%s)", (7,))
        assert recorder.calls == [
            {
                "service": "postgres",
                "verb": "INSERT",
                "target": "shop.orders",
                "payload": "INSERT INTO shop.orders VALUES (%s) (7,)",
            }
        ]
        assert cursor.description is None

    def test_rows_are_fetched_once(self):
        cursor = StandInConnection(Recorder(), "mysql").cursor()
        cursor.execute("SELECT id FROM t")
        assert (cursor.fetchone(), cursor.fetchmany(5), cursor.fetchall()) == ((1,), [(2,)], [])


class TestHttp:
    def test_an_unknown_host_answers_records(self):
        status, headers, body = http_answer("GET", "https://shop.example.org/orders", b"", has_rows=True)
        assert (status, headers["Content-Type"]) == (200, "application/json")
        assert [item["id"] for item in json.loads(body)] == [1, 2]

    def test_an_unknown_host_without_data_answers_an_empty_list(self):
        assert json.loads(http_answer("GET", "https://shop.example.org/orders", b"", has_rows=False)[2]) == []

    def test_slack_says_ok(self):
        assert (
            json.loads(http_answer("POST", "https://slack.com/api/chat.postMessage", b"", has_rows=True)[2])["ok"]
            is True
        )


class TestClient:
    class Real:
        def put(self, key: str, size: int = 0) -> None: ...

    def test_calls_are_written_down(self):
        recorder = Recorder()
        ClientStandIn(recorder, "store").bucket("b").put(key="k", token="hunter2")
        assert [(call["verb"], call["target"]) for call in recorder.calls] == [("bucket", "b"), ("bucket().put", "")]
        assert "hunter2" not in str(recorder.calls)
        assert recorder.level == "client"

    def test_a_method_that_the_real_client_does_not_have_is_an_error(self):
        with pytest.raises(AttributeError, match="no attribute 'get'"):
            ClientStandIn(Recorder(), "store", spec=self.Real).get("k")

    def test_arguments_that_the_real_method_does_not_take_are_an_error(self):
        with pytest.raises(TypeError, match="colour"):
            ClientStandIn(Recorder(), "store", spec=self.Real).put("k", colour="red")


class TestFiles:
    @pytest.fixture
    def overlay(self, tmp_path):
        overlay = Overlay(Recorder(), tmp_path)
        overlay.mention({"path": "/no/such/folder/orders.csv"})
        overlay.active = True
        yield overlay
        overlay.active = False

    def test_a_missing_file_among_the_arguments_holds_a_sample(self, overlay):
        with overlay._opened("/no/such/folder/orders.csv", encoding="utf-8") as file:
            assert file.readline() == "id,name,amount\n"

    def test_other_missing_files_stay_missing(self, overlay):
        with pytest.raises(FileNotFoundError):
            overlay._opened("/elsewhere/orders.csv")

    def test_what_is_written_stays_in_the_folder_of_the_trial(self, overlay, tmp_path):
        with overlay._opened("/elsewhere/report.txt", "w", encoding="utf-8") as file:
            file.write("done")
        assert (tmp_path / "files/elsewhere/report.txt").read_text() == "done"
        assert [(call["verb"], call["target"]) for call in overlay.recorder.calls] == [
            ("write", "/elsewhere/report.txt")
        ]


class TestVerdict:
    def trial(self, *states):
        return Trial("d", (TrialRun("rows", tuple(TrialTask(f"t{n}", "X", state) for n, state in enumerate(states))),))

    def test_refused_and_skipped_tasks_are_no_faults(self):
        assert self.trial("success", "skipped", "stopped", "upstream_failed").ok

    def test_a_failed_task_is_a_fault(self):
        assert not self.trial("success", "failed").faultless

    def test_an_open_task_is_no_fault_but_not_ok(self):
        trial = self.trial("success", "open")
        assert (trial.ok, trial.faultless) == (False, True)

    def test_nothing_that_ran_is_not_ok(self):
        assert not Trial("d").ok

    def test_it_goes_through_json(self):
        assert from_json(Trial, to_json(self.trial("success"))) == self.trial("success")
