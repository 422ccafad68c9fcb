"""Write the signature data of the catalogue from the provider distributions themselves.

    python scripts/build_catalog.py                 install all provider distributions aside and read them
    python scripts/build_catalog.py --folder DIR    read the distributions that are installed in DIR
    python scripts/build_catalog.py --check         write nothing, fail if the data would change

Distributions are installed without their dependencies into a folder of their own, so the environment stays as it is.
Afterwards the reviewed action records are checked against the signatures.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path
from typing import Any

from provider_signatures import class_record
from provider_sources import ProviderSources

from airflow_provider_wfintel.engine.catalog import DATA_FOLDER
from airflow_provider_wfintel.engine.catalog.catalog import load_folder
from airflow_provider_wfintel.engine.catalog.consistency import problems

# Providers that are not (yet) an extra of the apache-airflow distribution.
FURTHER = ("apache-airflow-providers-duckdb",)


def provider_names() -> list[str]:
    """The provider distributions that `apache-airflow` lists as extras, and some more."""
    found = {
        match[0]
        for line in requires("apache-airflow") or ()
        if (match := re.match(r"apache-airflow-providers-[\w-]+", line))
    }
    return sorted(found | set(FURTHER))


def requirement(name: str) -> str:
    """The installed release of a provider if there is one, so that the data fits the environment; else the newest."""
    try:
        return f"{name}=={version(name)}"
    except PackageNotFoundError:
        return name


def install(folder: Path) -> None:
    """Install every provider into `folder`, without dependencies."""
    wanted = [requirement(name) for name in provider_names()]
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", str(folder), *wanted]
    subprocess.run(command, check=True)


def wanted_methods() -> dict[str, set[str]]:
    """The hook methods that the action records call."""
    wanted: dict[str, set[str]] = {}
    for path in sorted((DATA_FOLDER / "actions").glob("*.json")):
        for record in json.loads(path.read_text(encoding="utf-8")):
            if record["kind"] == "hook":
                wanted.setdefault(record["operator"], set()).add(record["method"])
    return wanted


def signature_data(sources: ProviderSources) -> dict[str, dict[str, Any]]:
    """Class records by distribution and path."""
    wanted = wanted_methods()
    data: dict[str, dict[str, Any]] = {name: {} for name in sources.versions}
    for module in sources.modules.values():
        for info in module.classes.values():
            record = class_record(sources, info, wanted.get(info.path, set()))
            if record is not None:
                data[module.distribution][info.path] = record
    return data


def file_texts(sources: ProviderSources) -> dict[str, str]:
    """The text of every data file by its name below the data folder; one class per line, to read well in a diff."""
    texts: dict[str, str] = {}
    index = {
        name: {"version": version, "package": sources.packages[name]}
        for name, version in sorted(sources.versions.items())
    }
    rows = ",\n".join(f"  {json.dumps(name)}: {json.dumps(record)}" for name, record in index.items())
    texts["distributions.json"] = f"{{\n{rows}\n}}\n"
    for name, classes in signature_data(sources).items():
        rows = ",\n".join(
            f"    {json.dumps(path)}: {json.dumps(record, ensure_ascii=False)}"
            for path, record in sorted(classes.items())
        )
        body = f"{{\n{rows}\n  }}" if rows else "{}"
        head = f'  "distribution": {json.dumps(name)},\n  "version": {json.dumps(sources.versions[name])},\n'
        texts[f"operators/{name}.json"] = f'{{\n{head}  "classes": {body}\n}}\n'
    return texts


def write(texts: dict[str, str], *, check: bool) -> list[str]:
    """Write the files that differ and drop those of gone distributions; with `check` only name them."""
    changed = [name for name, text in texts.items() if not _same(DATA_FOLDER / name, text)]
    gone = [path for path in (DATA_FOLDER / "operators").glob("*.json") if f"operators/{path.name}" not in texts]
    if not check:
        (DATA_FOLDER / "operators").mkdir(exist_ok=True)
        for name in changed:
            (DATA_FOLDER / name).write_text(texts[name], encoding="utf-8")
        for path in gone:
            path.unlink()
    return changed + [f"operators/{path.name}" for path in gone]


def _same(path: Path, text: str) -> bool:
    return path.exists() and path.read_text(encoding="utf-8") == text


def main() -> int:
    """Build or check; the exit status is 1 if something does not fit."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--folder", type=Path, help="folder with installed provider distributions")
    parser.add_argument("--check", action="store_true", help="write nothing, fail if the data would change")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.folder or Path(temporary)
        if options.folder is None:
            install(folder)
        sources = ProviderSources(folder)
        texts = file_texts(sources)
    changed = write(texts, check=options.check)
    print(
        f"{len(sources.versions)} distributions read, {len(changed)} files {'differ' if options.check else 'written'}"
    )
    found = problems(load_folder(DATA_FOLDER))
    for line in found:
        print(line)
    return 1 if found or (options.check and changed) else 0


if __name__ == "__main__":
    sys.exit(main())
