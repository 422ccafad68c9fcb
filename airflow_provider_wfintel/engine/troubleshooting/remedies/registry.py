"""All remedies, in the order in which they are preferred when nothing else decides: what changes least comes first."""

from __future__ import annotations

from airflow_provider_wfintel.engine.troubleshooting.remedies.ask_person import AskForApproval
from airflow_provider_wfintel.engine.troubleshooting.remedies.case import Remedy
from airflow_provider_wfintel.engine.troubleshooting.remedies.clear_with_backoff import ClearWithBackoff
from airflow_provider_wfintel.engine.troubleshooting.remedies.create_pool import CreatePool
from airflow_provider_wfintel.engine.troubleshooting.remedies.create_variable import CreateVariable
from airflow_provider_wfintel.engine.troubleshooting.remedies.escalate import Escalate
from airflow_provider_wfintel.engine.troubleshooting.remedies.fail_stuck_run import FailStuckRun
from airflow_provider_wfintel.engine.troubleshooting.remedies.free_stuck_task import FreeStuckTask
from airflow_provider_wfintel.engine.troubleshooting.remedies.lower_concurrency import LowerConcurrency
from airflow_provider_wfintel.engine.troubleshooting.remedies.move_to_queue import MoveToQueue
from airflow_provider_wfintel.engine.troubleshooting.remedies.pause_dag import PauseFailingDag
from airflow_provider_wfintel.engine.troubleshooting.remedies.propose_patch import ProposePatch
from airflow_provider_wfintel.engine.troubleshooting.remedies.raise_execution_timeout import RaiseExecutionTimeout
from airflow_provider_wfintel.engine.troubleshooting.remedies.raise_memory import RaiseMemory
from airflow_provider_wfintel.engine.troubleshooting.remedies.raise_sensor_timeout import RaiseSensorTimeout
from airflow_provider_wfintel.engine.troubleshooting.remedies.refresh_credentials import RefreshCredentials
from airflow_provider_wfintel.engine.troubleshooting.remedies.reparse_dag import ReparseDag
from airflow_provider_wfintel.engine.troubleshooting.remedies.requirements_hint import RequirementsHint
from airflow_provider_wfintel.engine.troubleshooting.remedies.rerun_upstream import RerunUpstream
from airflow_provider_wfintel.engine.troubleshooting.remedies.resize_pool import ResizePool
from airflow_provider_wfintel.engine.troubleshooting.remedies.run_latest_version import RunLatestVersion
from airflow_provider_wfintel.engine.troubleshooting.remedies.switch_connection import SwitchConnection
from airflow_provider_wfintel.engine.troubleshooting.remedies.wait_for_component import WaitForComponent
from airflow_provider_wfintel.engine.troubleshooting.remedies.wait_for_source import WaitForSource

__all__ = ["REMEDIES", "remedy_named"]

REMEDIES: tuple[Remedy, ...] = (
    CreatePool(),
    CreateVariable(),
    FreeStuckTask(),
    FailStuckRun(),
    RunLatestVersion(),
    RefreshCredentials(),
    RerunUpstream(),
    RaiseExecutionTimeout(),
    WaitForSource(),
    WaitForComponent(),
    RaiseSensorTimeout(),
    ReparseDag(),
    RaiseMemory(),
    MoveToQueue(),
    ClearWithBackoff(),
    LowerConcurrency(),
    ResizePool(),
    SwitchConnection(),
    PauseFailingDag(),
    ProposePatch(),
    RequirementsHint(),
    AskForApproval(),
    Escalate(),
)


def remedy_named(name: str) -> Remedy | None:
    """The remedy of that name."""
    return next((item for item in REMEDIES if item.name == name), None)
