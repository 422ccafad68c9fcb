"""Every class the catalogue names exists in the installed providers and takes what the catalogue says."""

from __future__ import annotations

import importlib
import inspect
import sys
import warnings
from importlib.metadata import PackageNotFoundError, version

import pytest

from airflow_provider_wfintel.engine.catalog import OperatorSignature, load_catalog

pytestmark = pytest.mark.integration

CATALOG = load_catalog()
# These must be there, so that the test below cannot pass by skipping.
EXPECTED = {
    f"apache-airflow-providers-{name}"
    for name in (
        "airbyte", "amazon", "apache-flink", "apache-hdfs", "apache-hive", "apache-kafka", "apache-livy",
        "apache-pig", "apache-spark", "arangodb", "asana", "atlassian-jira", "cncf-kubernetes", "cohere", "common-io",
        "common-sql", "databricks", "datadog", "dbt-cloud", "dingding", "discord", "docker", "elasticsearch", "ftp",
        "github", "google", "grpc", "hashicorp", "http", "imap", "influxdb", "informatica", "jdbc", "microsoft-azure",
        "microsoft-psrp", "microsoft-winrm", "mongo", "mysql", "neo4j", "odbc", "openai",
        "openfaas", "opensearch", "opsgenie", "oracle", "pagerduty", "pgvector", "pinecone", "postgres", "presto",
        "qdrant", "redis", "salesforce", "samba", "sftp", "slack", "smtp", "snowflake", "sqlite", "ssh", "standard",
        "tableau", "telegram", "trino", "zendesk",
    )
}  # fmt: skip


def installed(distribution: str) -> str:
    try:
        return version(distribution)
    except PackageNotFoundError:
        return ""


def load(signature: OperatorSignature) -> type | None:
    """The class; None if a module of somebody else that it needs is missing."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # deprecations of the providers themselves
        try:
            module = importlib.import_module(signature.module)
        except Exception as error:
            missing = missing_module(error)
            if missing and not signature.module.startswith(missing):
                return None
            raise
    found: type = getattr(module, signature.name)
    return found


def missing_module(error: BaseException | None) -> str:
    """The module or library whose absence is behind an error, empty if it is another error."""
    while error is not None:
        if isinstance(error, ModuleNotFoundError) and error.name:
            return error.name
        optional = type(error).__name__ == "AirflowOptionalProviderFeatureException"
        if optional or "shared object" in str(error):
            return "an optional package or system library"
        error = error.__cause__ or error.__context__
    return ""


def required_of(function: object) -> set[str]:
    """The arguments without a default."""
    parameters = list(inspect.signature(function).parameters.values())[1:]  # type: ignore[arg-type]
    variable = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
    return {item.name for item in parameters if item.default is item.empty and item.kind not in variable}


def test_the_providers_that_the_project_names_are_installed() -> None:
    assert {name for name in EXPECTED if not installed(name)} == set()


@pytest.mark.skipif(sys.version_info < (3, 11), reason="the constraints give Python 3.10 older providers")
def test_the_catalogue_was_read_from_the_installed_versions() -> None:
    older = {name: installed(name) for name in EXPECTED if installed(name) not in ("", CATALOG.distributions[name])}
    assert older == {}, "run `make catalog`"


@pytest.mark.timeout(900)  # importing all of the large providers takes minutes on a busy machine
@pytest.mark.parametrize("distribution", sorted(CATALOG.distributions))
def test_every_class_of_a_provider_exists_and_takes_these_arguments(distribution: str) -> None:
    if not installed(distribution):
        pytest.skip(f"{distribution} is not installed here")
    if installed(distribution) != CATALOG.distributions[distribution]:
        pytest.skip(f"{distribution} {installed(distribution)} is not the release that the catalogue was read from")
    signatures = CATALOG.signatures(distribution)
    checked = 0
    for signature in signatures:
        cls = load(signature)
        if cls is None:
            continue
        checked += 1
        if signature.kind != "hook":
            assert set(signature.template_fields) == set(getattr(cls, "template_fields", ())), signature.path
        if "__init__" not in vars(cls):
            continue
        own = required_of(cls.__init__)
        assert own <= set(signature.required), signature.path
        above = {name for base in cls.__mro__[1:] if "__init__" in vars(base) for name in required_of(base.__init__)}
        assert set(signature.required) - own <= above, signature.path
        for name, _ in signature.optional:
            assert name not in own, f"{signature.path}: {name} is required"
    if signatures and not checked:
        pytest.skip(f"{distribution} needs a package or system library that is not there")
    # Transfers to providers that are not installed are left out; they are few in the large distributions.
    least = 0.8 * len(signatures) if len(signatures) >= 20 else 1
    assert not signatures or checked >= least, f"only {checked} of {len(signatures)} classes could be imported"
