RECIPE = {
    "description": "Let a run through unless its date falls on certain weekdays.",
    "decorator": "task.short_circuit",
    "actions": ["branch"],
    "services": ["airflow"],
}


def gate_not_on_days(days: list[int], timezone: str = "UTC", logical_date=None) -> bool:
    """Tell whether the run's date is on none of the weekdays `days`, Sunday 0; else all below is skipped."""
    import pendulum

    day = (logical_date or pendulum.now("UTC")).in_timezone(timezone).date()
    return day.isoweekday() % 7 not in days
