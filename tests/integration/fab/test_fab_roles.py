"""The roles of the FAB auth manager against every route, and service accounts with nothing but what the page names.

FAB is no dependency of ours. The tests run where its distribution is installed beside this package, or with the
interpreter that `WFINTEL_FAB_PYTHON` names: `make fab` makes such an environment.
"""

from __future__ import annotations

import importlib.util
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.integration.fab.accounts import ACCOUNTS
from tests.integration.test_api_matrix import MATRIX, ROLES

pytestmark = pytest.mark.integration

ROOT = Path(__file__).resolve().parents[3]
PAGE = ROOT / "docs" / "how-to" / "least-privilege.md"
MANAGER = "airflow.providers.fab.auth_manager.fab_auth_manager"
# Tables, a thousand rows of rights, and some two hundred requests.
SECONDS = 900


@pytest.fixture(scope="module")
def answered(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What a child with FAB printed."""
    python = os.environ.get("WFINTEL_FAB_PYTHON") or sys.executable
    if python == sys.executable and importlib.util.find_spec("airflow.providers.fab") is None:
        pytest.skip("apache-airflow-providers-fab is not installed: `make fab` runs these tests where it is")
    home = tmp_path_factory.mktemp("fab")
    for name in ("dags", "plugins"):
        (home / name).mkdir()
    environment = {name: value for name, value in os.environ.items() if not name.startswith("AIRFLOW_")} | {
        "AIRFLOW_HOME": str(home),
        "AIRFLOW_CONFIG": str(home / "airflow.cfg"),
        "AIRFLOW__API_AUTH__JWT_SECRET": os.environ["AIRFLOW__API_AUTH__JWT_SECRET"],
        "AIRFLOW__CORE__AUTH_MANAGER": f"{MANAGER}.FabAuthManager",
        "AIRFLOW__CORE__DAGS_FOLDER": str(home / "dags"),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__FERNET_KEY": "",
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{home / 'airflow.db'}",
        "AIRFLOW__WFINTEL__DAGS_SAVE_FOLDER": str(home / "dags"),
        "AIRFLOW__WFINTEL__SAVE_OVER_REST": "True",
        "AIRFLOW__WFINTEL__TRIAL_OVER_REST": "True",
        "PYTHONPATH": str(ROOT),
    }
    command = [python, "-m", "tests.integration.fab.child"]
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=SECONDS, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


@pytest.mark.timeout(SECONDS + 60)
@pytest.mark.parametrize("role", ["Viewer", "User", "Op", "Admin"])
def test_a_role_of_fab_gets_what_airflows_own_role_of_that_name_gets(answered: dict[str, Any], role: str) -> None:
    place = ROLES.index(role.lower())
    expected = {f"{method} {path}": row[place] for (method, path), row in MATRIX.items()}
    assert answered["routes"][role] == expected


@pytest.mark.parametrize("account", ACCOUNTS, ids=lambda account: account.name)
def test_an_account_with_the_rights_of_the_page_can_do_its_work(answered: dict[str, Any], account: Any) -> None:
    assert answered["accounts"][account.name] == {call.name: "" for call in account.calls}


@pytest.mark.parametrize(
    "name", [f"{account.name}, not {action} {thing}" for account in ACCOUNTS for action, thing in account.rights]
)
def test_without_any_of_these_rights_something_is_refused(answered: dict[str, Any], name: str) -> None:
    assert any(answered["accounts"][name].values()), "the page asks for a right that nothing needs"


@pytest.mark.parametrize("account", ACCOUNTS, ids=lambda account: account.name)
def test_the_page_names_these_rights(account: Any) -> None:
    rows = re.findall(r"^\|[^|]+\|[^|]+\|[^|]+\|([^|]+)\| *$", PAGE.read_text(encoding="utf-8"), re.M)
    said = [frozenset(re.findall(r"`(can_\w+ [\w ]+)`", row)) for row in rows]
    assert frozenset(f"{action} {thing}" for action, thing in account.rights) in said
