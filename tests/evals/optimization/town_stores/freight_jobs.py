"""What the freight DAGs share."""
import etl_lib


def carriers():
    return ["alpha", "bravo", "cargo", "delta"]


def fetch_invoices(carrier, seconds):
    etl_lib.extract(f"invoices_{carrier}", seconds=seconds)


def book(carrier, seconds=3):
    statement(f"booked_{carrier}", f"raw_invoices_{carrier}", seconds)


def statement(target, source, seconds):
    etl_lib.run_sql(f"INSERT INTO {target} SELECT * FROM {source}", seconds=seconds)


def ledger(seconds=4):
    etl_lib.transform("ledger", [f"booked_{carrier}" for carrier in carriers()], seconds=seconds)


def fuel(seconds):
    etl_lib.extract("fuel", seconds)
    etl_lib.transform("fuel_index", ["raw_fuel"], 1)
