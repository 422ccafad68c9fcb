"""Ask what is known to be wrong with what this project is made of, and write down what it is made of.

    python scripts/audit.py [--offline] [--reports reports]

| step | asks | if it cannot be asked |
|---|---|---|
| `pip-audit` | the advisories of PyPI about every installed distribution | says so and fails, unless `--offline` |
| `npm audit` | the advisories of npm about what the pages are built from | says so and fails, unless `--offline` |
| `pip check` | whether the installed versions fit together | needs no network |
| `detect-secrets` | whether a tracked file holds a secret that `.secrets.baseline` has not as reviewed | needs no network |
| `shellcheck` | the script of CI | needs no network |
| `cyclonedx-py` | writes the bill of materials, `sbom.json` | needs no network |

A service that does not answer is never taken for "nothing found": `pip-audit` leaves out what it cannot ask about and ends
with success, so what it left out is counted here.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGES = ROOT / "airflow_provider_wfintel" / "plugin" / "www"
# Bundles and locks are made by programs and full of hashes.
UNREAD = ("plugin/www/dist/", "package-lock.json", ".png", "constraints/", ".secrets.baseline")
# Installed without their dependencies on purpose, see CONTRIBUTING.md.
ALONE = (
    "apache-flink",
    "apache-hdfs",
    "apache-hive",
    "apache-pig",
    "grpc",
    "informatica",
    "mysql",
    "openai",
    "openfaas",
    "pgvector",
)

Answer = tuple[str, str]
"""`ok`, `found` or `not asked`, and what is to be said."""


def run(command: Sequence[str | Path], *, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """Run a command and take what it says."""
    try:
        return subprocess.run([str(part) for part in command], cwd=cwd, capture_output=True, text=True, check=False)
    except FileNotFoundError as error:
        raise SystemExit(f"{command[0]} is not there: `make audit` installs what this needs") from error


def tool(name: str) -> str:
    """A tool of the environment that runs this."""
    return str(Path(sys.executable).with_name(name))


def python_advisories(reports: Path) -> Answer:
    """Known faults of the installed distributions."""
    target = reports / "pip-audit.json"
    done = run([sys.executable, "-m", "pip_audit", "--format", "json", "--output", target, "--progress-spinner", "off"])
    if not target.exists():
        return "not asked", done.stderr.strip().splitlines()[-1][:200] if done.stderr.strip() else "no answer"
    rows = json.loads(target.read_text(encoding="utf-8"))["dependencies"]
    left_out = [row["name"] for row in rows if "skip_reason" in row and row["name"] != "airflow-provider-wfintel"]
    known = [f"{row['name']} {row['version']}: {item['id']}" for row in rows for item in row.get("vulns", ())]
    if known:
        return "found", "; ".join(known)
    if left_out:
        return "not asked", f"the service knows nothing of {len(left_out)} of {len(rows)} distributions"
    return "ok", f"{len(rows)} distributions"


def node_advisories(reports: Path) -> Answer:
    """Known faults, high or worse, of what the pages are built from."""
    done = run(["npm", "audit", "--json", "--audit-level=high"], cwd=PAGES)
    try:
        found = json.loads(done.stdout)
    except ValueError:
        found = {}
    (reports / "npm-audit.json").write_text(done.stdout, encoding="utf-8")
    if "metadata" not in found:
        return "not asked", str(found.get("message") or done.stderr.strip()[-200:] or "no answer")
    counts = found["metadata"]["vulnerabilities"]
    return ("found" if counts["high"] or counts["critical"] else "ok"), json.dumps(counts)


def fitting_versions(reports: Path) -> Answer:  # noqa: ARG001 - one form for all steps
    """Whether installed versions fit together."""
    lines = run([sys.executable, "-m", "pip", "check", "--disable-pip-version-check"]).stdout.splitlines()
    wrong = [
        line
        for line in lines
        if "requires" in line and not line.startswith(tuple(f"apache-airflow-providers-{x}" for x in ALONE))
    ]
    return ("found", "; ".join(wrong)) if wrong else ("ok", "")


def secrets(reports: Path) -> Answer:  # noqa: ARG001
    """Secrets in tracked files."""
    tracked = [
        name for name in run(["git", "ls-files"]).stdout.splitlines() if not any(part in name for part in UNREAD)
    ]
    hook = tool("detect-secrets-hook")
    done = run([hook, "--no-verify", "--baseline", ".secrets.baseline", *tracked])
    if done.returncode == 0:
        return "ok", f"{len(tracked)} files"
    return "found", " ".join(line for line in done.stdout.splitlines() if line.startswith(("Secret Type", "Location")))


def ci_script(reports: Path) -> Answer:  # noqa: ARG001
    """The script of CI."""
    done = run([tool("shellcheck"), "--severity=style", ".ci/run"])
    return ("found", done.stdout[:1000]) if done.returncode else ("ok", ".ci/run")


def materials(reports: Path) -> Answer:
    """What the environment is made of, in CycloneDX."""
    target = reports / "sbom.json"
    done = run([
        tool("cyclonedx-py"), "environment", "--output-reproducible", "--pyproject", "pyproject.toml", "--output-file", target,
        sys.executable,
    ])  # fmt: skip
    if done.returncode:
        return "found", done.stderr[-500:]
    return "ok", f"{len(json.loads(target.read_text(encoding='utf-8'))['components'])} components in {target}"


STEPS = {
    "pip-audit": python_advisories,
    "npm audit": node_advisories,
    "pip check": fitting_versions,
    "detect-secrets": secrets,
    "shellcheck": ci_script,
    "sbom": materials,
}


def main() -> int:
    """All steps, one line each."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--offline", action="store_true", help="a service that does not answer is told, but no failure")
    parser.add_argument("--reports", type=Path, default=ROOT / "reports", metavar="DIR")
    parser.add_argument("--only", choices=list(STEPS), action="append", help="only this step")
    arguments = parser.parse_args()
    arguments.reports.mkdir(parents=True, exist_ok=True)
    bad = False
    for name, step in STEPS.items():
        if arguments.only and name not in arguments.only:
            continue
        state, words = step(arguments.reports)
        bad |= state == "found" or (state == "not asked" and not arguments.offline)
        print(f"{name:15} {state:10} {words}".rstrip(), flush=True)
    return int(bad)


if __name__ == "__main__":
    raise SystemExit(main())
