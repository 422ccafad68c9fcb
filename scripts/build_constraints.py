"""Write `constraints/constraints.txt`: the versions that a set-up gets, for Python 3.10 and newer.

One resolution for all supported Python versions (environment markers tell them apart), from all extras of
`pyproject.toml`. Versions already in the file are kept where they still fit; `--upgrade` takes the newest.

    python scripts/build_constraints.py [--upgrade]

Needs `uv` (`pip install uv`) and an index to ask.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "constraints" / "constraints.txt"
OLDEST_PYTHON = "3.10"

# Installed without their dependencies (large, or they need C headers), so no resolution of ours brings them.
UNRESOLVED = (
    "apache-airflow-providers-mysql==6.7.1",
    "apache-airflow-providers-apache-flink==1.9.1 ; python_full_version >= '3.11'",
    "apache-airflow-providers-apache-hdfs==4.14.2 ; python_full_version >= '3.11'",
    "apache-airflow-providers-apache-hive==9.7.1 ; python_full_version >= '3.11'",
    "apache-airflow-providers-apache-pig==4.9.1 ; python_full_version >= '3.11'",
    "apache-airflow-providers-grpc==3.10.1 ; python_full_version >= '3.11'",
    "apache-airflow-providers-informatica==0.2.2 ; python_full_version >= '3.11'",
    "apache-airflow-providers-openai==2.2.0 ; python_full_version >= '3.11'",
    "apache-airflow-providers-openfaas==3.9.6 ; python_full_version >= '3.11'",
    "apache-airflow-providers-pgvector==1.7.4 ; python_full_version >= '3.11'",
)

HEADER = """\
# Versions for a reproducible set-up: pip install -c constraints/constraints.txt -e ".[...]"
# Made by scripts/build_constraints.py (make constraints) for Python 3.10 and newer. Not a list of what is needed:
# pyproject.toml says that, with lower bounds only.
"""


def _uv() -> str:
    beside = Path(sys.executable).with_name("uv")
    found = str(beside) if beside.exists() else shutil.which("uv")
    if found is None:
        raise SystemExit("uv is not installed. Install it with: python -m pip install uv")
    return found


def resolve(*, upgrade: bool) -> list[str]:
    """The pins of one resolution over all extras and Python versions."""
    command = [_uv(), "pip", "compile", "pyproject.toml", "--universal", "--all-extras", "--quiet"]
    command += ["--python-version", OLDEST_PYTHON, "--no-annotate", "--no-header", "--no-emit-index-url"]
    command += ["--no-emit-find-links", "--output-file", str(TARGET)]
    if upgrade:
        command.append("--upgrade")
    subprocess.run(command, cwd=ROOT, check=True)
    lines = TARGET.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line.strip() and not line.startswith(("#", "-"))]


def main() -> int:
    """Resolve, and write the file."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--upgrade", action="store_true", help="take the newest versions, not the ones in the file")
    arguments = parser.parse_args()
    pins = sorted({*resolve(upgrade=arguments.upgrade), *UNRESOLVED}, key=str.lower)
    for pin in pins:
        if "@" in pin or "://" in pin:
            raise SystemExit(f"a pin with an address cannot be shared: {pin}")
    TARGET.write_text(HEADER + "\n".join(pins) + "\n", encoding="utf-8")
    print(f"{TARGET.relative_to(ROOT)}: {len(pins)} pins")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
