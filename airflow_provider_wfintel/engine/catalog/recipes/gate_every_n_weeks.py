RECIPE = {
    "description": "Let a run through only in every n-th week.",
    "decorator": "task.short_circuit",
    "actions": ["branch"],
    "services": ["airflow"],
}


def gate_every_n_weeks(n: int, first: str, timezone: str = "UTC", logical_date=None) -> bool:
    """Tell whether the run's week is a multiple of `n` after that of `first`; else all below is skipped."""
    from datetime import date, timedelta

    import pendulum

    day = (logical_date or pendulum.now("UTC")).in_timezone(timezone).date()
    start = date.fromisoformat(first)
    # Weeks begin on Monday, so that all runs of one week are treated alike.
    weeks = (day - timedelta(days=day.weekday()) - (start - timedelta(days=start.weekday()))).days // 7
    return weeks % n == 0
