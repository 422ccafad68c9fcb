"""Build the distributions and prove that they can be installed and used.

    python scripts/release_check.py                      # a clean virtual environment with this interpreter
    python scripts/release_check.py --python python3.13  # ... with another one; may be given several times
    python scripts/release_check.py --fast               # what CI runs: no new environment

Checks: `twine check --strict`; the wheel holds every tracked file that it needs and the built pages, nothing else of
the pages; version, changelog and provider metadata agree; then, with the installed wheel and from another folder:
`airflow providers list`, the plugin, `wfintel generate`, and the tables.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = "airflow_provider_wfintel"
PAGES = f"{PACKAGE}/plugin/www/"
BUNDLE = (f"{PAGES}dist/main.umd.cjs", f"{PAGES}dist/elk-worker.min.js", f"{PAGES}dist/THIRD_PARTY.txt")
SENTENCE = "Every day at 06:00 UTC run the shell command `date`."

# Runs where the wheel is installed, outside of the checkout.
PROBE = """
import json, sys
from importlib.metadata import distribution, entry_points
from pathlib import Path

import airflow_provider_wfintel
from airflow.plugins_manager import get_fastapi_plugins
from airflow.providers_manager import ProvidersManager

manager = ProvidersManager()
info = manager.providers["airflow-provider-wfintel"]
apps, _ = get_fastapi_plugins()
package = Path(airflow_provider_wfintel.__file__).parent
print(json.dumps({
    "version": airflow_provider_wfintel.__version__,
    "distribution": distribution("airflow-provider-wfintel").version,
    "provider": info.version,
    "place": str(package),
    "mounted": [app["url_prefix"] for app in apps],
    "hooks": "wfintel" in manager.hooks,
    "pages": sum(file.stat().st_size for file in (package / "plugin" / "www" / "dist").iterdir()),
    "cli": sorted(item.name for item in entry_points(group="console_scripts") if item.name == "wfintel"),
}))
"""


def say(text: str) -> None:
    """Print at once, also where the output is a file."""
    print(text, flush=True)


def run(command: Sequence[str | Path], *, cwd: Path = ROOT, env: dict[str, str] | None = None) -> str:
    """Standard output of a command that must succeed."""
    done = subprocess.run(
        [str(part) for part in command], cwd=cwd, env=env, capture_output=True, text=True, check=False
    )
    if done.returncode:
        sys.stderr.write(done.stdout[-4000:] + done.stderr[-4000:])
        raise SystemExit(f"failed with status {done.returncode}: {' '.join(map(str, command))[:200]}")
    return done.stdout


def version_of_source() -> str:
    """The version that the package states."""
    found = re.search(r'^__version__ = "([^"]+)"', (ROOT / PACKAGE / "__init__.py").read_text(encoding="utf-8"), re.M)
    if found is None:
        raise SystemExit(f"{PACKAGE}/__init__.py states no __version__")
    return found[1]


def check_versions() -> str:
    """The version is semantic, and the changelog has a place for it."""
    version = version_of_source()
    if not re.fullmatch(r"\d+\.\d+\.\d+((a|b|rc)\d+|\.dev\d+)?", version):
        raise SystemExit(f"{version!r} is no semantic version in the form of Python's packages")
    headings = re.findall(r"^## \[([^\]]+)\]", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.M)
    if not {"Unreleased", version} & set(headings):
        raise SystemExit(f"CHANGELOG.md has neither [Unreleased] nor [{version}]")
    return version


def build(folder: Path) -> tuple[Path, Path]:
    """Build both distributions, the wheel from the source distribution, as PyPI's users would."""
    run([sys.executable, "-m", "build", "--outdir", folder, ROOT])
    (wheel,), (source,) = folder.glob("*.whl"), folder.glob("*.tar.gz")
    say(run([sys.executable, "-m", "twine", "check", "--strict", wheel, source]).strip())
    return wheel, source


def check_contents(wheel: Path) -> None:
    """Every tracked file of the package is in the wheel; of the pages only what was built."""
    tracked = run(["git", "ls-files", PACKAGE]).split("\n")
    wanted = {name for name in tracked if name and not name.startswith(PAGES)} | set(BUNDLE)
    held = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    if missing := sorted(wanted - held):
        raise SystemExit(f"not in the wheel: {', '.join(missing[:10])}")
    if extra := sorted(held - wanted):
        raise SystemExit(f"should not be in the wheel: {', '.join(extra[:10])}")
    say(f"{wheel.name}: {len(held)} files, {wheel.stat().st_size / 1e6:.1f} MB")


def check_installed(python: Path, home: Path, env: dict[str, str], version: str) -> None:
    """Use what is installed: provider, plugin, command line, tables."""
    bin_folder, env = python.parent, {**env, "AIRFLOW_HOME": str(home)}
    env["PATH"] = f"{bin_folder}{os.pathsep}{env['PATH']}"
    env["AIRFLOW__CORE__LOAD_EXAMPLES"] = "False"
    found = json.loads(run([python, "-c", PROBE], cwd=home, env=env).strip().splitlines()[-1])
    if {found["version"], found["distribution"], found["provider"]} != {version}:
        raise SystemExit(f"versions differ: {found}")
    if str(ROOT) in found["place"] or "/wfintel" not in found["mounted"] or not found["hooks"] or not found["cli"]:
        raise SystemExit(f"the wheel is not what is used, or is not complete: {found}")
    listed = run([python, "-m", "airflow", "providers", "list", "--output", "json"], cwd=home, env=env)
    names = [row["package_name"] for row in json.loads(listed[listed.index("[") :])]
    if "airflow-provider-wfintel" not in names:
        raise SystemExit(f"`airflow providers list` does not know it: {names}")
    target = home / "date.py"
    command: list[str | Path] = [python, "-m", f"{PACKAGE}.cli.main"]
    run([*command, "generate", SENTENCE, "--out", target, "--import"], cwd=home, env=env)
    run([*command, "validate", "--import", target], cwd=home, env=env)
    run([python, "-m", "airflow", "db", "migrate"], cwd=home, env=env)
    say(f"installed and used: {found['distribution']}, pages of {found['pages'] / 1e6:.1f} MB")


def clean_environment(interpreter: str, wheel: Path, folder: Path) -> Path:
    """A new virtual environment with the wheel, its `demo` extra and the project's constraints; its interpreter."""
    run([interpreter, "-m", "venv", folder])
    python = folder / "bin" / "python"
    quiet: list[str | Path] = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    run([*quiet, "-c", ROOT / "constraints" / "constraints.txt", f"{wheel}[demo]"], cwd=folder)
    run([python, "-m", "pip", "check", "--disable-pip-version-check"], cwd=folder)
    return python


def beside_the_installed(wheel: Path, folder: Path) -> tuple[Path, dict[str, str]]:
    """The wheel in a folder of its own that comes first on the path of the interpreter that runs this."""
    run([sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", folder, wheel])
    return Path(sys.executable), {**os.environ, "PYTHONPATH": str(folder)}


def main() -> int:
    """Build, look, install, use."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--python", action="append", default=[], help="interpreter of a clean environment")
    parser.add_argument("--fast", action="store_true", help="no new environment")
    arguments = parser.parse_args()
    started, version = time.monotonic(), check_versions()
    with tempfile.TemporaryDirectory(prefix="wfintel-release-") as name:
        folder = Path(name)
        wheel, _ = build(folder / "dist")
        check_contents(wheel)
        if arguments.fast:
            python, env = beside_the_installed(wheel, folder / "wheel")
            (folder / "home").mkdir()
            check_installed(python, folder / "home", env, version)
        else:
            for number, interpreter in enumerate(arguments.python or [sys.executable]):
                say(run([interpreter, "--version"]).strip())
                python = clean_environment(interpreter, wheel, folder / f"venv-{number}")
                (folder / f"home-{number}").mkdir()
                env = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "PYTHONHOME")}
                check_installed(python, folder / f"home-{number}", env, version)
    say(f"ready to be released, in {time.monotonic() - started:.0f} s")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
