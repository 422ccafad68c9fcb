"""Jobs of the power grid, used by several DAGs."""
from __future__ import annotations

import os

import etl_lib

ZONES = ("coast", "valley", "plain", "city", "island", "border", "forest", "lake")
PAUSE = float(os.environ.get("GRID_PAUSE", "2"))


def read_meters(zone: str) -> str:
    """Fetch the meters of a zone."""
    return etl_lib.extract(f"meters_{zone}", seconds=PAUSE)


def settle(zone: str) -> str:
    """Settle a zone from its meters."""
    return etl_lib.transform(f"settled_{zone}", [f"raw_meters_{zone}"], seconds=3)


def settle_all() -> None:
    """Every zone, one after the other."""
    for zone in ZONES:
        read_meters(zone)
        settle(zone)


def invoice(zones=ZONES) -> None:
    etl_lib.transform("invoices", [f"settled_{zone}" for zone in zones], seconds=4)


def tariffs() -> None:
    etl_lib.extract("tariffs", seconds=3)


def forecast() -> None:
    """Tomorrow's load."""
    etl_lib.run_sql("CREATE TABLE load_forecast AS SELECT * FROM settled_city JOIN raw_tariffs USING (hour)", seconds=5)
