RECIPE = {
    "description": "Let a run through only if its date is no public holiday.",
    "decorator": "task.short_circuit",
    "actions": ["branch"],
    "services": ["airflow"],
}


def gate_not_holiday(country: str, timezone: str = "UTC", logical_date=None) -> bool:
    """Tell whether the run's date is no public holiday of `country`; else all below is skipped."""
    import holidays
    import pendulum

    day = (logical_date or pendulum.now("UTC")).in_timezone(timezone).date()
    return day not in holidays.country_holidays(country, years=day.year)
