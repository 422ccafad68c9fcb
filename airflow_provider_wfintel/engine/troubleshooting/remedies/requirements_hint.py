"""Name the requirement that a worker lacks, or the pin that a misfit needs. Nothing is installed."""

from __future__ import annotations

import re

from airflow_provider_wfintel.engine.troubleshooting.remedies.actions import Proposal
from airflow_provider_wfintel.engine.troubleshooting.remedies.case import Case, Inapplicable, RemedyPlan

__all__ = ["RequirementsHint"]

_MODULE = re.compile(r"No module named [`'\"]?([A-Za-z_][\w.]*)")
_IMPORT = re.compile(r"cannot import name [`'\"]?(\w+)[`'\"]? from [`'\"]?([\w.]+)")
_OTHER_NAMES = {
    "yaml": "PyYAML", "cv2": "opencv-python", "PIL": "pillow", "sklearn": "scikit-learn", "bs4": "beautifulsoup4",
    "dateutil": "python-dateutil", "dotenv": "python-dotenv", "psycopg2": "psycopg2-binary", "MySQLdb": "mysqlclient",
    "Crypto": "pycryptodome", "OpenSSL": "pyOpenSSL", "git": "GitPython", "jwt": "PyJWT", "serial": "pyserial",
    "magic": "python-magic", "docx": "python-docx", "pptx": "python-pptx", "snowflake": "snowflake-connector-python",
    "kafka": "kafka-python", "confluent_kafka": "confluent-kafka", "ldap": "python-ldap", "attr": "attrs",
}  # fmt: skip
"""Distributions that are named otherwise than the module that they bring."""


class RequirementsHint:
    """A line for the requirements of the image or of the task's virtual environment, for a person to check."""

    name = "requirements_hint"
    title = "name the missing requirement"
    serves = ("install_dependency", "pin_versions")
    changes = "nothing"
    undoable = False

    def plan(self, case: Case) -> RemedyPlan | Inapplicable:
        """Fits a module or a name in a module that could not be imported."""
        text = case.evidence_text()
        if found := _MODULE.search(text):
            line = self._distribution(found.group(1))
            title = f"add {line} to the requirements of the worker"
            body = f"{line}\n# the task imports {found.group(1)}; pin the version that your constraints name"
        elif found := _IMPORT.search(text):
            name, module = found.groups()
            line = self._distribution(module)
            title = f"pin {line} to a version that has {name}"
            body = f"{line}\n# the installed version has no {name} in {module}; pin the last version that worked"
        else:
            return Inapplicable("no module is named that could not be imported")
        return RemedyPlan(
            self.name, (Proposal(title, body),), because="an import failed", success="person", fallback="escalate"
        )

    def _distribution(self, module: str) -> str:
        parts = module.split(".")
        if parts[:2] == ["airflow", "providers"] and len(parts) > 2:
            # Providers of one vendor share a distribution, except Apache's and those of the databases of Microsoft.
            deep = 4 if parts[2] in ("apache", "microsoft", "common", "cncf", "atlassian", "dbt") else 3
            return "apache-airflow-providers-" + "-".join(parts[2:deep])
        return _OTHER_NAMES.get(parts[0], parts[0].replace("_", "-"))
