"""What the text of a DAG file must not hold, and what it may."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from airflow_provider_wfintel.engine.generation.checks import STATIC_CHECKS, check_source

GOOD = """
from datetime import timedelta

import pendulum
from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG, Asset, TaskGroup, task

ORDERS = Asset("s3://lake/orders")


@task(retries=2)
def count(path: str) -> int:
    import requests

    return len(requests.get(path, timeout=5).text)


with DAG(dag_id="good", schedule=[ORDERS], start_date=pendulum.datetime(2026, 1, 1, tz="UTC")):
    first = BashOperator(task_id="first", bash_command="echo {{ ds }}", retry_delay=timedelta(minutes=5))
    with TaskGroup(group_id="inner"):
        BashOperator(task_id="first", bash_command="true")
    first >> count(path="/x")
"""


def issues(source, check=None):
    return [issue for issue in check_source(source).issues if check is None or issue.check == check]


def with_top(line):
    return f"{line}\n{GOOD}"


def with_task(body):
    return GOOD.replace("    import requests\n\n    return len(requests.get(path, timeout=5).text)", f"    {body}")


def with_argument(text):
    return GOOD.replace('bash_command="true"', text)


def test_a_good_file_has_no_issue():
    report = check_source(GOOD)
    assert report.ok
    assert report.issues == ()
    assert report.checks == STATIC_CHECKS
    assert report.dag_ids == ("good",)
    assert set(report.task_ids) == {"first", "count"}


@pytest.mark.parametrize("source", ["def f(:", "x = '", "\0", "(" * 5000, "\ud800"])
def test_text_that_is_no_python(source):
    report = check_source(source)
    assert not report.ok
    assert report.issues[0].check in ("syntax", "dag")


def test_a_syntax_error_has_its_line():
    (issue,) = issues("x = 1\ny = = 2\n")
    assert (issue.check, issue.line) == ("syntax", 2)


def test_a_very_long_text_is_not_read():
    assert issues("#" * 1_000_001)[0].check == "syntax"


class TestImports:
    @pytest.mark.parametrize("module", ["os", "subprocess", "socket", "ctypes", "pickle", "shutil", "unknown_package"])
    @pytest.mark.parametrize("form", ["import {}", "from {} import x"])
    def test_modules_off_the_list_are_refused_everywhere(self, module, form):
        line = form.format(module)
        assert issues(with_top(line), "imports")
        assert issues(with_task(line), "imports")

    @pytest.mark.parametrize("module", ["requests", "pandas", "holidays"])
    def test_heavy_modules_belong_into_functions(self, module):
        (issue,) = issues(with_top(f"import {module}"), "imports")
        assert "inside the function" in issue.hint
        assert not issues(with_task(f"import {module}"), "imports")

    @pytest.mark.parametrize(
        ("line", "new"),
        [
            ("from airflow import DAG", "airflow.sdk"),
            ("from airflow.decorators import task", "airflow.sdk"),
            ("from airflow.operators.bash import BashOperator", "airflow.providers.standard.operators"),
            ("from airflow.datasets import Dataset", "Asset"),
            ("from airflow.models import Variable", "airflow.sdk"),
        ],
    )
    def test_old_homes_are_refused_with_the_new_one(self, line, new):
        (issue,) = issues(with_top(line), "imports")
        assert new in issue.hint

    def test_stars_and_relative_imports_are_refused(self):
        assert issues(with_top("from airflow.sdk import *"), "imports")
        assert issues(with_top("from . import x"), "imports")

    def test_importlib_gives_import_module_only(self):
        assert not issues(with_task("from importlib import import_module"), "imports")
        assert issues(with_task("from importlib import reload"), "imports")

    def test_a_caller_may_allow_more(self):
        source = with_top("import shop.tools")
        assert not check_source(source).ok
        assert check_source(source, allow=["shop"]).ok


class TestCalls:
    @pytest.mark.parametrize(
        "call",
        [
            "eval('1')",
            "exec('x')",
            "compile('x', 'x', 'exec')",
            "__import__('os')",
            "os.system('x')",
            "globals()",
            "subprocess.run(['x'])",
            "os.popen('x')",
            "shutil.rmtree('/')",
            "pickle.loads(b'')",
            "breakpoint()",
        ],
    )
    def test_calls_that_run_code_are_refused_everywhere(self, call):
        assert issues(with_task(call), "calls")
        assert issues(with_top(call), "calls")

    @pytest.mark.parametrize("text", ["''.__class__.__bases__", "count.__globals__", "__builtins__"])
    def test_the_inside_of_objects_is_not_reached_for(self, text):
        assert issues(with_task(f"return {text}"), "calls")

    @pytest.mark.parametrize(
        "line",
        [
            "open('x')",
            "print('x')",
            "import requests\nrequests.get('x')",
            "from airflow.sdk import Variable\nVariable.get('x')",
            "while True: pass",
            "try:\n    x = 1\nexcept Exception:\n    x = 2",
            "with open('x') as f: pass",
            "from airflow.providers.http.hooks.http import HttpHook\nHttpHook()",
            "import json\njson.loads('1')",
        ],
    )
    def test_work_at_the_top_level_is_refused(self, line):
        assert issues(with_top(line), "calls")

    @pytest.mark.parametrize(
        "line",
        [
            "LIMIT = 5",
            "NAMES = [name.upper() for name in ('a', 'b')]",
            "from pathlib import Path\nHERE = Path('x')",
            "NUMBERS = list(range(3))",
            "class Settings:\n    limit = 1",
            "def helper():\n    return open('x')",
        ],
    )
    def test_descriptions_at_the_top_level_are_fine(self, line):
        assert not issues(with_top(line), "calls")


class TestTemplates:
    @pytest.mark.parametrize("name", ["execution_date", "prev_ds", "next_ds", "tomorrow_ds", "yesterday_ds_nodash"])
    @pytest.mark.parametrize("form", ["{{{{ {} }}}}", "x {{{{ macros.f({}) }}}}", "{{% if {} %}}x{{% endif %}}"])
    def test_variables_that_are_gone_are_found(self, name, form):
        (issue,) = issues(with_argument(f"bash_command={form.format(name)!r}"), "templates")
        assert name in issue.message
        assert issue.hint.startswith("use ")

    @pytest.mark.parametrize(
        "text",
        [
            "{{ ds }}",
            "{{ logical_date }}",
            "{{ dag_run.execution_date_x }}",
            "{{ 'execution_date' }}",
            "execution_date",
            "{% raw %}{{ execution_date }}{% endraw %}",
            "{{ params.prev_ds }}",
        ],
    )
    def test_others_are_fine(self, text):
        assert not issues(with_argument(f"bash_command={text!r}"), "templates")

    def test_parameters_of_task_functions_count_too(self):
        assert issues(GOOD.replace("path: str", "path: str, execution_date=None"), "templates")


class TestSecrets:
    @pytest.mark.parametrize(
        "text",
        [
            "password='hunter22'",
            "env={'API_KEY': 'abcd1234'}",
            "token='0123456789'",
            "aws_secret_access_key='abc123'",
            "x='AKIA" + "A" * 16 + "'",
            "x='ghp_" + "a" * 36 + "'",
            "x='xoxb-" + "1" * 12 + "'",
            "x='postgresql://me:pw@host/db'",
            "x='https://hooks.slack.com/services/T0/B0/abc'",
            "x='-----BEGIN RSA PRIVATE KEY-----'",
        ],
    )
    def test_secrets_are_found(self, text):
        assert issues(with_argument(text), "secrets")

    @pytest.mark.parametrize(
        "text",
        [
            "password='{{ conn.shop.password }}'",
            "http_conn_id='shop_api'",
            "secret=None",
            "token=''",
            "next_token_key='x'",
            "x='postgresql://host/db'",
            "api_key='openai_default'",
        ],
    )
    def test_what_is_none_is_not(self, text):
        assert not issues(with_argument(text), "secrets")


class TestDags:
    def test_a_file_without_a_dag(self):
        assert issues("x = 1\n", "dag")

    def test_the_decorator_makes_a_dag_too(self):
        assert not issues("from airflow.sdk import dag\n\n@dag(schedule=None)\ndef flow():\n    pass\n\nflow()\n")

    def test_a_task_id_used_twice(self):
        source = GOOD.replace('task_id="first", bash_command="true"', 'task_id="second", bash_command="true"')
        assert not issues(source, "dag")
        twice = GOOD.replace(
            "    first >> count", '    BashOperator(task_id="first", bash_command="x")\n    first >> count'
        )
        (issue,) = issues(twice, "dag")
        assert "'first'" in issue.message


@given(st.text())
def test_no_text_breaks_the_check(text):
    assert check_source(text).ok in (True, False)


@given(st.text(st.sampled_from("from import as x.y(){}[]='\"\n :@#*\\%0")))
def test_no_code_like_text_breaks_the_check(text):
    assert not check_source(text).ok
