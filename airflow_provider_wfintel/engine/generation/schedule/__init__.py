"""Schedules in words: a closed grammar over phrase tables of six languages."""

from __future__ import annotations

from airflow_provider_wfintel.engine.generation.schedule.describe import describe
from airflow_provider_wfintel.engine.generation.schedule.reader import read_schedule
from airflow_provider_wfintel.engine.generation.schedule.reading import ScheduleReading
from airflow_provider_wfintel.engine.generation.schedule.runs import gate_lets_through, next_runs

__all__ = ["ScheduleReading", "describe", "gate_lets_through", "next_runs", "read_schedule"]
