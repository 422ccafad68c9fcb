"""The user's words stay words: whatever they hold, they end as the same literal and add no code."""

from __future__ import annotations

import ast
import subprocess
import sys

import jinja2
import jinja2.meta
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from airflow_provider_wfintel.engine.generation.render import render_dag
from airflow_provider_wfintel.engine.generation.render.doc_text import docstring
from airflow_provider_wfintel.engine.generation.render.jinja_text import protect
from airflow_provider_wfintel.engine.generation.render.layout import quote
from airflow_provider_wfintel.engine.model import (
    AlertSpec,
    Argument,
    Dependency,
    GroupSpec,
    LiteralValue,
    OperatorRef,
    ParamSpec,
    TaskSpec,
    WorkflowSpec,
)

PARTS = st.sampled_from(
    [
        *('"', "'", '"""', "\\", "\n", "\r", "\t", "\0", "{{", "}}", "{%", "%}", "{#", "#}"),
        *("{% raw %}", "{% endraw %}", "{% endraw -%}", "\u202e", "\u2028", "é", "世界", "😀", " ", "x"),
        *("import os", "os.system('id')", ");", "$(id)", "`"),
    ]
)
WORDS = st.one_of(
    st.lists(PARTS, max_size=8).map("".join), st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
)


@given(WORDS)
def test_a_quoted_text_is_read_back_the_same(text):
    assert ast.literal_eval(quote(text)) == text
    assert quote(text).isprintable()


@given(WORDS)
def test_a_protected_text_renders_to_itself(text):
    assert jinja2.Environment(autoescape=False).from_string(protect(text)).render() == text  # noqa: S701


@given(WORDS)
def test_a_protected_text_reaches_no_variable(text):
    tree = jinja2.Environment(autoescape=False).parse(protect(text))  # noqa: S701
    assert jinja2.meta.find_undeclared_variables(tree) == set()


@given(WORDS)
def test_a_docstring_is_nothing_but_a_docstring(text):
    body = ast.parse(docstring(text)).body
    assert len(body) <= 1
    assert all(isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) for node in body)


def spec_of(words: str) -> WorkflowSpec:
    """A DAG with the same words in every place that takes words."""
    values = tuple(
        Argument(name, LiteralValue.of(value))
        for name, value in (("bash_command", words), ("env", {words: words}), ("cwd", [words, {"k": [words]}]))
    )
    call = Argument("folder", LiteralValue.of(words))
    bash = OperatorRef("operator", "airflow.providers.standard.operators.bash:BashOperator")
    return WorkflowSpec(
        "dag",
        description=words,
        doc=words,
        owner=words,
        tags=(words,),
        groups=(GroupSpec("group", label=words),),
        params=(ParamSpec("p", default=LiteralValue.of(words), description=words),),
        tasks=(
            TaskSpec(
                "a", words, "none", bash, arguments=values, note=words, group="group", pool=words, outlets=(words,)
            ),
            TaskSpec("b", words, "none", OperatorRef("taskflow", "task", "list_files"), arguments=(call,)),
        ),
        dependencies=(Dependency("a", "b", label=words),),
        alerts=tuple(
            AlertSpec(on, service, words, words, words)
            for on, service in (
                ("failure", "slack"),
                ("success", "smtp"),
                ("retry", "webhook"),
                ("deadline", "opsgenie"),
            )
        ),
    )


_FREE_CALLS = ("literal", "str", "a.set_downstream")
"""What long or file-like words may bring with them: other spellings of the same thing."""


def names_and_calls(source: str) -> tuple[set[str], list[str]]:
    tree = ast.parse(source)
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    names |= {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    names |= {
        alias.name for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom) for alias in node.names
    }
    return names, sorted(ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call))


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(WORDS)
def test_words_add_no_name_and_no_call(words):
    source = render_dag(spec_of(words or "x"))
    assert source.isprintable() or set(filter(lambda letter: not letter.isprintable(), source)) == {"\n"}
    names, calls = names_and_calls(source)
    plain_names, plain_calls = names_and_calls(render_dag(spec_of("plain")))
    constants = {name for name in names | plain_names if name.isupper()}  # the variable named after the asset
    literal_calls = [call for call in calls if call not in _FREE_CALLS]
    assert names - plain_names - constants <= {"literal", "requests", "set_downstream"}
    assert literal_calls == [call for call in plain_calls if call not in _FREE_CALLS]


@settings(max_examples=100, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(WORDS)
def test_words_arrive_in_arguments_as_they_were(words):
    source = render_dag(spec_of(words or "x"))
    (call,) = [
        node
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "BashOperator"
    ]
    given_values = {keyword.arg: keyword.value for keyword in call.keywords}
    command = given_values["bash_command"]
    text = ast.literal_eval(command.args[0] if isinstance(command, ast.Call) else command)
    assert jinja2.Environment(autoescape=False).from_string(text).render() == (words or "x")  # noqa: S701
    assert ast.literal_eval(given_values["pool"]) == (words or "x")


def test_files_with_hostile_words_are_stable_under_the_formatter(tmp_path):
    samples = [
        '"""', 'ends with "', "ends with \\", "'''", "  indented\n\n\n\n  more", "tab\there", "{{ x }}", "世界" * 60,
        "long " * 60,
        '"' * 5 + "'" * 3, "\\N{DASH} \\x41 \\u0041", "é" * 100, "a\r\nb", "\x0c", "# no comment",
        "x" * 109,
    ]  # fmt: skip
    for number, words in enumerate(samples):
        (tmp_path / f"dag_{number}.py").write_text(render_dag(spec_of(words)), encoding="utf-8")
    command = [sys.executable, "-m", "ruff", "format", "--isolated", "--no-cache", "--line-length", "110", "--diff"]
    done = subprocess.run([*command, str(tmp_path)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
