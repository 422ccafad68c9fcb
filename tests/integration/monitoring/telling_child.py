"""A process that collects and tells until it is killed: `python telling_child.py DATABASE SETTINGS FILE`.

What it tells goes into the file, a line for each message, and is on the disk before the channel says that it has it.
"""

from __future__ import annotations

import os
import sys
from datetime import timedelta
from pathlib import Path

from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from airflow_provider_wfintel.app.alerting.settings import SettingsSource
from airflow_provider_wfintel.app.alerts import Alerting
from airflow_provider_wfintel.app.collect import Collector
from airflow_provider_wfintel.app.collecting.poll import CollectOptions
from airflow_provider_wfintel.engine.monitoring.service import Message, Receiver


def main(database: str, settings: str, told: str) -> None:
    engine = create_engine(database)

    def take(message: Message, receiver: Receiver) -> None:
        with Path(told).open("a") as file:
            file.write(f"{message.kind} {message.key} {message.title}\n")
            file.flush()
            os.fsync(file.fileno())

    alerting = Alerting(lambda: Session(engine), SettingsSource(Path(settings)), send=take)
    options = CollectOptions(lease=timedelta(seconds=1), overlap=timedelta(seconds=1))
    collector = Collector(lambda: Session(engine), options=options, alerting=alerting)
    while True:
        if collector.poll().held:
            sys.stdout.write("looked\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
