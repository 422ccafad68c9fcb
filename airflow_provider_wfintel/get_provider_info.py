"""What Airflow reads about this provider. A pure literal: it runs in nearly every Airflow process."""

from __future__ import annotations

from typing import Any

__all__ = ["get_provider_info"]


def get_provider_info() -> dict[str, Any]:
    """The provider's metadata in the form of Airflow's provider-info schema."""
    return {
        "package-name": "airflow-provider-wfintel",
        "name": "Workflow Intelligence",
        "description": "Generate, optimize, monitor and troubleshoot DAGs, offline and deterministic.",
        "integrations": [{"integration-name": "Workflow Intelligence", "tags": ["software"]}],
        "operators": [
            {
                "integration-name": "Workflow Intelligence",
                "python-modules": [
                    "airflow_provider_wfintel.operators.approve",
                    "airflow_provider_wfintel.operators.diagnose",
                    "airflow_provider_wfintel.operators.generate",
                    "airflow_provider_wfintel.operators.optimize",
                    "airflow_provider_wfintel.operators.report",
                    "airflow_provider_wfintel.operators.resolve",
                ],
            }
        ],
        "sensors": [
            {
                "integration-name": "Workflow Intelligence",
                "python-modules": [
                    "airflow_provider_wfintel.sensors.service_health",
                    "airflow_provider_wfintel.sensors.workflow_health",
                ],
            }
        ],
        "triggers": [
            {
                "integration-name": "Workflow Intelligence",
                "python-modules": [
                    "airflow_provider_wfintel.triggers.answers",
                    "airflow_provider_wfintel.triggers.service_health",
                ],
            }
        ],
        "hooks": [
            {
                "integration-name": "Workflow Intelligence",
                "python-modules": [
                    "airflow_provider_wfintel.hooks.services",
                    "airflow_provider_wfintel.hooks.task_log",
                    "airflow_provider_wfintel.hooks.troubleshooting",
                    "airflow_provider_wfintel.hooks.wfintel",
                ],
            }
        ],
        "connection-types": [
            {
                "connection-type": "wfintel",
                "hook-class-name": "airflow_provider_wfintel.hooks.wfintel.WfIntelHook",
                "hook-name": "Workflow Intelligence",
                "ui-field-behaviour": {
                    "hidden-fields": [],
                    "relabeling": {"schema": "Scheme", "login": "User", "host": "Airflow host"},
                    "placeholders": {
                        "host": "localhost",
                        "port": "8080",
                        "schema": "http or https",
                        "login": "leave empty if a token is given",
                    },
                },
                "conn-fields": {
                    "token": {
                        "label": "Token",
                        "description": "A bearer token to use instead of user and password.",
                        "schema": {"type": ["string", "null"], "format": "password"},
                    },
                    "base_path": {
                        "label": "Base path",
                        "description": "Path under which Airflow is served, such as /airflow.",
                        "schema": {"type": ["string", "null"]},
                    },
                    "timeout": {
                        "label": "Timeout (s)",
                        "description": "Longest wait for a connection or for the next bytes of an answer.",
                        "schema": {"type": ["integer", "null"], "minimum": 1, "maximum": 3600, "default": 30},
                    },
                    "verify": {
                        "label": "Check the certificate",
                        "description": "Whether the server's TLS certificate must be valid.",
                        "schema": {"type": ["boolean", "null"], "default": True},
                    },
                },
            }
        ],
        "notifications": [
            "airflow_provider_wfintel.notifications.diagnosis.DiagnosisNotifier",
            "airflow_provider_wfintel.notifications.wfintel.WfIntelNotifier",
        ],
        "db-managers": ["airflow_provider_wfintel.store.db_manager.WfIntelDBManager"],
        "cli": ["airflow_provider_wfintel.cli.airflow_commands.get_wfintel_cli_commands"],
        "config": {
            "wfintel": {
                "description": "Settings of the workflow intelligence provider.",
                "options": {
                    "dags_save_folder": {
                        "description": (
                            "Absolute path of the only folder that GenerateDagOperator may write to. Relative\n"
                            "output paths start here. Empty: the operator needs absolute paths.\n"
                        ),
                        "version_added": "0.1.0",
                        "type": "string",
                        "example": "/opt/airflow/dags/generated",
                        "default": "",
                    },
                    "save_over_rest": {
                        "description": (
                            "Whether the api-server may write the DAGs that it generates into dags_save_folder, for\n"
                            "users who may edit the DAG. It never writes code that a caller hands in.\n"
                        ),
                        "version_added": "0.1.0",
                        "type": "boolean",
                        "example": None,
                        "default": "False",
                    },
                    "trial_over_rest": {
                        "description": (
                            "Whether the api-server may run the DAGs that it generates, for users who may edit DAGs:\n"
                            "in a child process with an empty environment, limits and no network, every outside\n"
                            "service replaced by a stand-in. It never runs code that a caller hands in.\n"
                        ),
                        "version_added": "0.1.0",
                        "type": "boolean",
                        "example": None,
                        "default": "False",
                    },
                    "services_folder": {
                        "description": (
                            "Absolute path of a folder with service records (JSON or YAML) of this deployment,\n"
                            "added to the list of services. Empty: none.\n"
                        ),
                        "version_added": "0.1.0",
                        "type": "string",
                        "example": "/opt/airflow/services",
                        "default": "",
                    },
                    "plan_file": {
                        "description": (
                            "Absolute path of the JSON plan whose run-time values (weights, pools, timeouts, retries,\n"
                            "limits) the cluster policy puts on DAGs when they are parsed. Empty: the policy is off.\n"
                        ),
                        "version_added": "0.1.0",
                        "type": "string",
                        "example": "/opt/airflow/wfintel-plan.json",
                        "default": "",
                    },
                    "max_request_bytes": {
                        "description": "Longest body of a REST request, in bytes.\n",
                        "version_added": "0.1.0",
                        "type": "integer",
                        "example": None,
                        "default": "1048576",
                    },
                    "rate_limit": {
                        "description": (
                            "How often one user may call the costly REST routes (generate, save, analyze, predict,\n"
                            "report, refit, sessions), as `number/time` with semicolons between. Empty: no limit.\n"
                        ),
                        "version_added": "0.1.0",
                        "type": "string",
                        "example": "30/minute; 300/hour",
                        "default": "240/minute; 5000/hour",
                    },
                    "rate_limit_storage": {
                        "description": (
                            "Where calls are counted for `rate_limit`: `memory://` is each api-server process for\n"
                            "itself, `redis://host:port/number` (with the package redis) all of them together.\n"
                        ),
                        "version_added": "0.1.0",
                        "type": "string",
                        "example": "redis://redis:6379/5",
                        "default": "memory://",
                    },
                    "llm_conn_id": {
                        "description": (
                            "Connection of the common.ai provider whose language model gives second opinions\n"
                            "(extra `llm`). Empty: none is ever asked.\n"
                        ),
                        "version_added": "0.1.0",
                        "type": "string",
                        "example": "pydanticai_default",
                        "default": "",
                    },
                    "llm_timeout_seconds": {
                        "description": "After this time there is no second opinion.\n",
                        "version_added": "0.1.0",
                        "type": "integer",
                        "example": None,
                        "default": "30",
                    },
                    "llm_total_tokens": {
                        "description": "Most tokens that one second opinion may use.\n",
                        "version_added": "0.1.0",
                        "type": "integer",
                        "example": None,
                        "default": "20000",
                    },
                    "collector": {
                        "description": (
                            "Where runs and tries are collected: in one of the api-servers (`api-server`), in the\n"
                            "process `airflow wfintel monitor` (`standalone`), or nowhere (`off`).\n"
                        ),
                        "version_added": "0.1.0",
                        "type": "string",
                        "example": "api-server",
                        "default": "standalone",
                    },
                    "collector_interval_seconds": {
                        "description": "Time between two looks at Airflow's tables.\n",
                        "version_added": "0.1.0",
                        "type": "integer",
                        "example": None,
                        "default": "15",
                    },
                    "retention_days": {
                        "description": "Runs and tries that ended longer ago are deleted from our tables. 0: none.\n",
                        "version_added": "0.1.0",
                        "type": "integer",
                        "example": None,
                        "default": "400",
                    },
                    "alerts_file": {
                        "description": (
                            "Absolute path of the settings of alerts: rules, receivers, routes, mute times (YAML or\n"
                            "JSON). Empty: the built-in rules, told to the log of the process that collects.\n"
                        ),
                        "version_added": "0.1.0",
                        "type": "string",
                        "example": "/opt/airflow/alerts.yaml",
                        "default": "",
                    },
                    "retry_policy_dags": {
                        "description": (
                            "Patterns of DAG ids, separated by commas, whose tasks with retries get\n"
                            "DiagnosisRetryPolicy when they are parsed, unless they have a retry policy of their own.\n"
                            "Empty: none. `*`: all.\n"
                        ),
                        "version_added": "0.1.0",
                        "type": "string",
                        "example": "sales_*,billing",
                        "default": "",
                    },
                    "remedy_policy_file": {
                        "description": (
                            "Absolute path of the policy (YAML or JSON) that says which remedies may act on failed\n"
                            "tasks, where and how far. Empty: remedies are only suggested.\n"
                        ),
                        "version_added": "0.1.0",
                        "type": "string",
                        "example": "/opt/airflow/remedies.yaml",
                        "default": "",
                    },
                    "rollup_retention_days": {
                        "description": (
                            "Figures by day (runs, tries, times, cost of each DAG) that are older are deleted.\n"
                            "0: none are.\n"
                        ),
                        "version_added": "0.1.0",
                        "type": "integer",
                        "example": None,
                        "default": "800",
                    },
                    "price_per_slot_hour": {
                        "description": "What one pool slot costs for an hour, in any currency.\n",
                        "version_added": "0.1.0",
                        "type": "float",
                        "example": "0.12",
                        "default": "0",
                    },
                    "pool_prices": {
                        "description": "The same for pools that differ, as `pool=price, other_pool=price`.\n",
                        "version_added": "0.1.0",
                        "type": "string",
                        "example": "gpu=3.5, default_pool=0.1",
                        "default": "",
                    },
                    "holidays_country": {
                        "description": (
                            "ISO 3166 code of the country on whose public holidays runs may differ. Empty: none.\n"
                        ),
                        "version_added": "0.1.0",
                        "type": "string",
                        "example": "DE",
                        "default": "",
                    },
                },
            }
        },
    }
