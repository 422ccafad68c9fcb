"""Propose action records for operators, sensors, transfers and notifiers that no record names yet.

    python scripts/propose_actions.py            print the proposals as JSON
    python scripts/propose_actions.py --write    add them to the data files, to be reviewed in the diff

The service comes from the records and hooks of neighbouring modules, the action from the words of the class name,
the arguments from the signature. Proposals are written with the priority -1000. A unit test refuses that in the data:
review each (service, action, where its arguments come from) and give it a priority, or let `IGNORED` name the class.
Priorities below 10 are for what is seldom asked for: taken only where the words name just this.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections import Counter
from typing import Any

from airflow_provider_wfintel.engine.catalog import DATA_FOLDER, Catalog, OperatorSignature, load_catalog
from airflow_provider_wfintel.engine.catalog.catalog import action_group

PRIORITY = -1000

# The first word of the class name that is one of these decides; kinds other than operators are clear already.
VERBS: dict[str, str] = {
    "delete": "Delete Terminate Remove Purge Undeploy",
    "check": "Check Validate Evaluation Quality",
    "branch": "Branch Short Condition",
    "train": "Train Tuning",
    "query": "Query Search Retrieve Lookup Count",
    "extract": "Get List Read Describe Download Export Fetch Pull Receive",
    "copy": "Copy Clone Sync",
    "trigger": "Run Start Stop Submit Trigger Execute Invoke Resume Pause Cancel Restart Reboot Suspend Enable Disable",
    "load": "Create Insert Upload Publish Put Ingest Load Import Write Add Append Send Upsert Register Deploy",
    "transform": "Update Patch Transform Convert Translate Detect Analyze Analysis Recognize Redact Modify Move Rename",
}
ACTION_OF = {verb: action for action, verbs in VERBS.items() for verb in verbs.split()}

# Where neither modules nor hooks tell the service: beginnings of `"module:Class"` below airflow.providers.
OVERRIDES = {
    "amazon.aws.operators.emr:EmrServerless": "amazon_emr_serverless",
    "amazon.aws.sensors.emr:EmrServerless": "amazon_emr_serverless",
    "google.marketing_platform.operators.bid_manager:": "google_display_video",
    "google.marketing_platform.sensors.bid_manager:": "google_display_video",
    "google.cloud.operators.ray:": "google_vertex_ai",
    "common.ai.operators.": "common_ai",
    "common.sql.operators.analytics:": "sql",
}
# Classes that nobody asks for in words, whose result no task can hand on (GithubOperator), that return a credential,
# or that need what words cannot give: names of other tasks, of a method, Python objects.
IGNORED = {
    "SmoothOperator", "ExternalTaskMarker", "EmptyOperator", "GithubOperator",
    "AppflowRecordsShortCircuitOperator", "AppflowRunAfterOperator", "AppflowRunBeforeOperator",
    "AppflowRunDailyOperator", "EmrServerlessGetSessionEndpointOperator", "SageMakerConditionOperator",
    "SageMakerNotebookOperator", "SageMakerNotebookSensor", "HiveStatsCollectionOperator",
    "MetastorePartitionSensor", "JiraSensor", "AnalyticsOperator",
}  # fmt: skip

# Argument names that mean one of the slots; all others become a slot of their own name.
SLOTS: dict[str, tuple[str, ...]] = {
    "project": ("project_id", "project"),
    "region": ("region", "location", "zone", "region_name"),
    "bucket": ("bucket", "bucket_name", "s3_bucket", "gcs_bucket", "container_name"),
    "key": ("key", "s3_key", "object", "object_name", "blob_name", "bucket_key"),
    "sql": ("sql", "hql", "cql"),
    "table": ("table", "table_name", "table_id"),
    "dataset": ("dataset", "dataset_id"),
    "database": ("database", "database_name", "database_id"),
    "collection": ("collection", "collection_name"),
    "index": ("index", "index_name"),
    "topic": ("topic", "topic_name", "topic_id"),
    "queue": ("queue", "queue_name"),
    "subscription": ("subscription", "subscription_name"),
    "job_id": ("job_id", "run_id", "execution_id"),
    "pipeline": ("pipeline", "pipeline_name", "pipeline_id"),
    "cluster": ("cluster", "cluster_name", "cluster_id", "cluster_identifier"),
    "function": ("function_name", "function_id"),
    "workspace": ("workspace", "workspace_id"),
    "workflow": ("workflow", "workflow_id"),
    "repository": ("repository", "repository_id", "repository_name"),
    "warehouse": ("warehouse_id",),
    "instance": ("instance", "instance_id", "instance_name"),
    "environment": ("environment_id",),
    "role": ("role_arn", "execution_role_arn"),
    "config": ("config", "configuration"),
    "path": ("path", "file_path", "filepath"),
    "model_id": ("model_id",),
}
SLOT_OF = {argument: slot for slot, arguments in SLOTS.items() for argument in arguments}


def action_of(signature: OperatorSignature) -> str:
    """The action that a class name tells."""
    fixed = {"sensor": "wait_for", "notifier": "notify", "transfer": "copy"}.get(signature.kind)
    if fixed:
        return fixed
    if "TrainingJob" in signature.name and "Create" in signature.name:
        return "train"
    own = stem(signature.path).replace("_", "")
    words = re.findall(r"[A-Z][a-z]+|[A-Z]+(?![a-z])", signature.name)
    # Words of the service's own name (Search Ads, Translate) count only if there is no other verb.
    ordered = sorted(words, key=lambda word: word.lower() in own)
    return next((ACTION_OF[word] for word in ordered if word in ACTION_OF), "trigger")


def stem(path: str) -> str:
    """The last part of the module, which operators, sensors and hooks of one service share."""
    return path.partition(":")[0].rpartition(".")[2]


def services_by_module(catalog: Catalog) -> tuple[dict[str, str], dict[tuple[str, str], str]]:
    """The service that most records of a module name, and the service of a hook by distribution and module stem."""
    counts: dict[str, Counter[str]] = {}
    hooks: dict[tuple[str, str], str] = {}
    for service in (*catalog.services, *catalog.builtins):
        if service.hook:
            hooks.setdefault((service.provider, stem(service.hook)), service.id)
        for item in catalog.actions(service.id):
            counts.setdefault(item.operator.partition(":")[0], Counter())[service.id] += 1
    return {module: counter.most_common(1)[0][0] for module, counter in counts.items()}, hooks


def service_of(
    signature: OperatorSignature, modules: dict[str, str], hooks: dict[tuple[str, str], str], catalog: Catalog
) -> str:
    """The service a class belongs to, empty if nothing tells."""
    short = signature.path.removeprefix("airflow.providers.")
    for beginning, service_id in OVERRIDES.items():
        if short.startswith(beginning):
            return service_id
    known = modules.get(signature.module)
    folder = signature.module.rpartition(".")[0].rpartition(".")[2]
    names = [stem(signature.path)]
    while "_" in names[-1]:
        names.append(names[-1].rpartition("_")[0])
    for name in (*names, folder):
        known = known or hooks.get((signature.distribution, name))
        for prefix in ("", "google_", "google_cloud_", "amazon_", "aws_", "azure_"):
            candidate = f"{prefix}{name}"
            if known is None and candidate in catalog:
                known = candidate if catalog.service(candidate).provider == signature.distribution else None
    if known:
        return known
    tail = signature.distribution.removeprefix("apache-airflow-providers-").replace("-", "_")
    if tail in catalog:
        return tail
    own = [item.id for item in catalog.services if item.provider == signature.distribution]
    return own[0] if len(own) == 1 else ""


def proposal(signature: OperatorSignature, service_id: str, catalog: Catalog) -> dict[str, Any]:
    """The record for one class."""
    service = catalog.service(service_id)
    connections = dict(signature.connections)
    arguments: dict[str, Any] = {}
    main = next((name for name, default in connections.items() if default == service.default_connection_id), "")
    main = main or next(iter(connections), "")
    if main:
        arguments[main] = {"connection": "source"}
        if connections[main] and connections[main] != service.default_connection_id:
            arguments[main]["default"] = connections[main]
    for name in signature.required:
        if name in connections:
            arguments.setdefault(name, {"connection": "source"})
        else:
            arguments[name] = {"slot": SLOT_OF.get(name, name)}
    return {
        "service": service_id,
        "action": action_of(signature),
        "operator": signature.path,
        "kind": signature.kind,
        "distribution": signature.distribution,
        "arguments": arguments,
        "priority": PRIORITY,
    }


def proposals(catalog: Catalog) -> list[dict[str, Any]]:
    """A record for every usable class that no action names; classes of no known service are reported."""
    everything = (*catalog.services, *catalog.builtins)
    used = {item.operator for service in everything for item in catalog.actions(service.id)}
    modules, hooks = services_by_module(catalog)
    found: list[dict[str, Any]] = []
    for distribution in catalog.distributions:
        for signature in catalog.signatures(distribution):
            usable = signature.kind != "hook" and not signature.abstract and not signature.deprecated
            if not usable or signature.path in used or signature.name in IGNORED:
                continue
            service_id = service_of(signature, modules, hooks, catalog)
            if service_id:
                found.append(proposal(signature, service_id, catalog))
            else:
                print(f"no service for {signature.path}", file=sys.stderr)
    return found


def write_records(records: list[dict[str, Any]], catalog: Catalog) -> None:
    """Add records to the data files of their services, sorted as all others."""
    for group in sorted({action_group(catalog.service(item["service"])) for item in records}):
        path = DATA_FOLDER / "actions" / f"{group}.json"
        old = json.loads(path.read_text(encoding="utf-8")) if path.exists() else []
        new = [item for item in records if action_group(catalog.service(item["service"])) == group]
        path.write_text(file_text(old + new), encoding="utf-8")


def file_text(records: list[dict[str, Any]]) -> str:
    """The one form of an action file: one field a line, records by service, action and priority."""

    def order(item: dict[str, Any]) -> tuple[object, ...]:
        return (
            item["service"], item["action"], -item.get("priority", 0), item.get("target_service", ""),
            item["operator"], item.get("method", ""),
        )  # fmt: skip

    blocks = []
    for item in sorted(records, key=order):
        rows = ",\n".join(
            f"    {json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}" for key, value in item.items()
        )
        blocks.append(f"  {{\n{rows}\n  }}")
    return "[\n" + ",\n".join(blocks) + "\n]\n"


def main() -> int:
    """Print or write the proposals."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--write", action="store_true", help="add the proposals to the data files")
    options = parser.parse_args()
    catalog = load_catalog()
    found = proposals(catalog)
    if options.write:
        write_records(found, catalog)
        print(f"{len(found)} records added")
    else:
        print(json.dumps(found, indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
