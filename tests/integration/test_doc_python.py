"""Python of the pages is run as it stands: classes are made inside of a DAG, hooks ask an api-server in process."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from airflow_provider_wfintel.exceptions import RemoteError
from airflow_provider_wfintel.hooks.wfintel import WfIntelHook
from tests.integration.api_things import THING, forget_things, put_things
from tests.unit.docs.pages import ALL, Block

pytestmark = pytest.mark.integration

# Read on those pages, not run: a file with faults, DAGs for a proof, and what takes tables down a revision.
NOT_RUN = ("docs/how-to/validate.md", "docs/explanation/how-a-rewrite-is-proven.md", "docs/how-to/runbooks.md")
BLOCKS = [block for block in ALL if block.language == "python" and not block.place.startswith(NOT_RUN)]
ASKING = [block for block in BLOCKS if "Hook(" in block.code]
# Of sessions and tries that a page makes up, the server says that it does not have them.
MADE_UP = ("TaskLogHook(", "TroubleshootingHook(")


def names() -> dict[str, Any]:
    """What a page has imported before, or takes for granted."""
    from airflow import sdk

    from airflow_provider_wfintel.notifications import wfintel
    from airflow_provider_wfintel.operators import report
    from airflow_provider_wfintel.policies import diagnosis_retry_policy
    from airflow_provider_wfintel.sensors import workflow_health

    ours = (wfintel, report, diagnosis_retry_policy, workflow_health)
    found = {name: getattr(module, name) for module in ours for name in module.__all__}
    theirs = ("DAG", "AsyncCallback", "DeadlineAlert", "DeadlineReference", "SyncCallback", "task")
    return {**found, **{name: getattr(sdk, name) for name in theirs}, "timedelta": timedelta}


def execute(code: str, block: Block, known: dict[str, Any]) -> None:
    exec(compile(code, block.place, "exec"), known)  # noqa: S102 - the text of our own pages


def complete(block: Block) -> str:
    """The block without the ellipsis of a page; a decorator gets a function."""
    code = block.code.replace(", ...)", ")").rstrip()
    return code + ("\ndef f(): ..." if code.splitlines()[-1].startswith("@") else "")


@pytest.mark.parametrize("block", [b for b in BLOCKS if b not in ASKING], ids=lambda block: block.place)
def test_what_a_page_shows_can_be_made(block: Block) -> None:
    from airflow.sdk import DAG

    with DAG("documented", schedule=None) as dag:
        execute(complete(block), block, names())
    if "task_id=" in block.code:
        assert len(dag.task_ids) == block.code.count("task_id=")


class TestHooks:
    @pytest.fixture(autouse=True)
    def server(
        self, airflow_db: None, client_as: Callable[[str], TestClient], monkeypatch: pytest.MonkeyPatch
    ) -> Iterator[None]:
        client = client_as("admin")

        def ask(hook: WfIntelHook, method: str, path: str, **arguments: Any) -> Any:
            arguments.pop("repeatable", None)
            answer = client.request(method, path, **arguments)
            if not answer.is_success:
                raise RemoteError(f"{method} {path}: {answer.status_code} {answer.text}")
            return answer.json()

        monkeypatch.setattr(WfIntelHook, "request", ask)
        put_things()
        yield
        forget_things()

    @pytest.mark.parametrize("block", ASKING, ids=lambda block: block.place)
    def test_a_hook_is_asked_as_the_page_does_it(
        self, block: Block, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.chdir(tmp_path)
        if any(name in block.code for name in MADE_UP):
            with pytest.raises(RemoteError, match=" 404 "):
                execute(block.code, block, {})
            return
        execute(block.code, block, {})
        if "history.json" in block.code:
            history = json.loads((tmp_path / "history.json").read_text())
            assert set(history) == {"dag_runs", "task_instances"}
        elif "generate" in block.code:
            assert THING in capsys.readouterr().out, "the DAGs of the deployment are listed"
