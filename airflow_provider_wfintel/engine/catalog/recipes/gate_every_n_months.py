RECIPE = {
    "description": "Let a run through only in every n-th month.",
    "decorator": "task.short_circuit",
    "actions": ["branch"],
    "services": ["airflow"],
}


def gate_every_n_months(n: int, first: str, timezone: str = "UTC", logical_date=None) -> bool:
    """Tell whether the run's month is a multiple of `n` after that of `first`; else all below is skipped."""
    from datetime import date

    import pendulum

    day = (logical_date or pendulum.now("UTC")).in_timezone(timezone).date()
    start = date.fromisoformat(first)
    return ((day.year - start.year) * 12 + day.month - start.month) % n == 0
