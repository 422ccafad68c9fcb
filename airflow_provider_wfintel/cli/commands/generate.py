"""Write an Airflow DAG file for a description, and say what was understood, assumed and left open."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from airflow_provider_wfintel.cli.inputs import (
    Record,
    add_catalog_argument,
    add_text_arguments,
    catalog_folder,
    read_context,
    read_records,
    single_text,
    with_style,
)
from airflow_provider_wfintel.cli.outputs import (
    EXIT_BAD_LINES,
    as_known_error,
    dump_json,
    error_record,
    output_folder,
    safe_stem,
)
from airflow_provider_wfintel.exceptions import GeneratedCodeError, TargetExistsError, WfIntelError

if TYPE_CHECKING:
    from airflow_provider_wfintel.app.generate import GenerateRequest
    from airflow_provider_wfintel.engine.model import DeploymentContext, Generation, Trial

__all__ = ["HELP", "NAME", "add_arguments", "generate_to_file", "run"]

NAME = "generate"
HELP = "write a DAG file for a description"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    given = add_text_arguments(parser)
    given.add_argument("--pattern", metavar="ID", help="fill a pattern of the catalogue; see: wfintel patterns")
    parser.add_argument(
        "--set",
        dest="settings",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="with --pattern: a value for one of its parameters; may be given many times",
    )
    parser.add_argument("--out", metavar="FILE.py", help="write the DAG file here (default: print it)")
    parser.add_argument("--out-dir", metavar="DIR", help="with --jsonl: write DIR/<id>.py and DIR/<id>.json")
    parser.add_argument(
        "--context", metavar="CTX.json", help="what your deployment has: connections, pools, DAG ids, …"
    )
    parser.add_argument(
        "--style-from", metavar="DIR", help="write in the style of the DAG files in this folder (read, never run)"
    )
    add_catalog_argument(parser)
    parser.add_argument("--json", action="store_true", help="print the whole answer as JSON")
    parser.add_argument("--force", action="store_true", help="overwrite a file that is already there")
    checks = parser.add_mutually_exclusive_group()
    checks.add_argument("--no-validate", action="store_true", help="do not check the generated file")
    checks.add_argument(
        "--import", dest="execute", action="store_true", help="also import it in a child process (needs Airflow)"
    )
    parser.add_argument(
        "--run",
        dest="trial",
        action="store_true",
        help="also run the DAG once in a child process, with recording stand-ins for all services (needs Airflow)",
    )
    parser.set_defaults(parser=parser)


def run(args: argparse.Namespace) -> int:
    """Run the command and return its exit status."""
    if args.jsonl and not args.out_dir:
        args.parser.error("--jsonl needs --out-dir")
    if args.jsonl and args.out:
        args.parser.error("--out goes with a single text, --out-dir with --jsonl")
    if args.out_dir and not args.jsonl:
        args.parser.error("--out-dir goes with --jsonl")
    if args.settings and not args.pattern:
        args.parser.error("--set goes with --pattern")
    if args.jsonl and args.trial:
        args.parser.error("--run goes with a single text; for many files use: wfintel run FILE…")
    if args.trial and args.no_validate:
        args.parser.error("--run goes only with the checks: a file that did not pass them is not run")
    context = read_context(args.context) if args.context else None
    if args.style_from:
        context = with_style(context, args.style_from)
    if args.jsonl:
        return _generate_lines(args, context)
    return _generate_one(args, context)


def _generate_one(args: argparse.Namespace, context: DeploymentContext | None) -> int:
    from airflow_provider_wfintel.app.generate import generation_to_dict, write_dag_file
    from airflow_provider_wfintel.app.trial import trial_to_dict

    target = Path(args.out) if args.out else None
    if target is not None and target.exists() and not args.force:
        raise TargetExistsError(f"{args.out!r} exists", hint="choose another name or overwrite it with --force")
    generation = _generate(_request(args, context), validate=not args.no_validate, execute=args.execute)
    written: Path | None = None
    if target is not None:
        written = write_dag_file(target, generation.source, force=args.force)
    trial = _trial(generation) if args.trial else None
    status = 0 if trial is None or trial.ok else 1
    if args.json:
        answer = {**generation_to_dict(generation), "written": str(written) if written else None}
        if trial is not None:
            answer["trial"] = trial_to_dict(trial)
        print(dump_json(answer, indent=2))
        return status
    from airflow_provider_wfintel.cli.generation_view import print_generation

    if written is None:
        print(generation.source, end="")
    print_generation(generation, written=written, to_stderr=written is None)
    if trial is not None:
        from airflow_provider_wfintel.cli.trial_view import print_trial

        print_trial(trial, to_stderr=written is None)
    return status


def _request(args: argparse.Namespace, context: DeploymentContext | None) -> GenerateRequest:
    from airflow_provider_wfintel.app.generate import GenerateRequest

    folder = catalog_folder(args)
    if args.pattern:
        from airflow_provider_wfintel.app.catalog import pattern_values

        values = pattern_values(args.pattern, args.settings)
        return GenerateRequest(context=context, services_folder=folder, pattern=args.pattern, values=values)
    return GenerateRequest(single_text(args), context=context, services_folder=folder)


def _trial(generation: Generation) -> Trial:
    from airflow_provider_wfintel.app.trial import try_dags

    return try_dags({"generated_dag": generation.source})["generated_dag"]


def _generate_lines(args: argparse.Namespace, context: DeploymentContext | None) -> int:
    folder = output_folder(args.out_dir)
    good = bad = 0
    for record in read_records(args.jsonl):
        try:
            _generate_line(record, folder, context, args)
            good += 1
        except Exception as error:
            bad += 1
            _write_error(record, folder, as_known_error(error))
    print(f"{good} generated, {bad} with an error, in {folder}", file=sys.stderr)
    return EXIT_BAD_LINES if bad else 0


def _generate_line(record: Record, folder: Path, context: DeploymentContext | None, args: argparse.Namespace) -> None:
    from airflow_provider_wfintel.app.generate import GenerateRequest, generation_to_dict, write_dag_file

    if record.error is not None:
        raise record.error
    stem = safe_stem(record.id)
    target, beside = folder / f"{stem}.py", folder / f"{stem}.json"
    # A .py with its .json beside it comes from an earlier run of this command; a lone .py is somebody's own file.
    if target.exists() and not beside.exists() and not args.force:
        raise TargetExistsError(f"{str(target)!r} exists", hint="choose another folder or overwrite it with --force")
    request = GenerateRequest(record.text, context=context, services_folder=catalog_folder(args))
    generation = _generate(request, validate=not args.no_validate, execute=args.execute)
    answer = {"id": record.id, **generation_to_dict(generation)}
    write_dag_file(target, generation.source, force=True)
    write_dag_file(beside, dump_json(answer, indent=1) + "\n", force=True)


def _write_error(record: Record, folder: Path, error: WfIntelError) -> None:
    """Print the error record; keep it as `<id>.json` too, unless that would overwrite something good."""
    from airflow_provider_wfintel.app.generate import write_dag_file

    line = dump_json(error_record(record.id, error))
    print(line)
    try:
        stem = safe_stem(record.id)
        if record.repeated or isinstance(error, TargetExistsError):
            return
        if (folder / f"{stem}.json").exists():  # what an earlier run wrote for this id no longer holds
            (folder / f"{stem}.py").unlink(missing_ok=True)
        write_dag_file(folder / f"{stem}.json", line + "\n", force=True)
    except WfIntelError:
        return  # the line on stdout says it all


def generate_to_file(text: str, target: Path, *, force: bool = False) -> Generation:
    """Generate the DAG file for a description and write it. Nothing is written if anything is wrong.

    Raises:
        UserInputError: the text cannot be worked with, or the file cannot be written.
        GeneratedCodeError: the generated file did not pass its checks.
    """
    from airflow_provider_wfintel.app.generate import GenerateRequest, write_dag_file

    generation = _generate(GenerateRequest(text), validate=True, execute=False)
    write_dag_file(target, generation.source, force=force)
    return generation


def _generate(request: GenerateRequest, *, validate: bool, execute: bool) -> Generation:
    from airflow_provider_wfintel.app.generate import generate_workflow

    generation = generate_workflow(request)
    if validate:
        from airflow_provider_wfintel.app.validate import validate_file

        report = validate_file(generation.source, execute=execute)
        if not report.ok:
            issue = report.issues[0]
            raise GeneratedCodeError(
                f"the generated file did not pass its checks: line {issue.line}: {issue.message}",
                hint=issue.hint or "look at it with --no-validate, and please report the description as a bug",
            )
    return generation
