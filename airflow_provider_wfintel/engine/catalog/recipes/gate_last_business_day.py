RECIPE = {
    "description": "Let a run through only on the last business day of its month.",
    "decorator": "task.short_circuit",
    "actions": ["branch"],
    "services": ["airflow"],
}


def gate_last_business_day(timezone: str = "UTC", country: str = "", logical_date=None) -> bool:
    """Tell whether the run's date is the last business day of its month; else all below is skipped."""
    from datetime import timedelta

    import pendulum

    day = (logical_date or pendulum.now("UTC")).in_timezone(timezone).date()
    closed: set = set()
    if country:
        import holidays

        closed = set(holidays.country_holidays(country, years=day.year))
    last = day.replace(day=1) + timedelta(days=32)
    last = last.replace(day=1) - timedelta(days=1)
    while last.isoweekday() > 5 or last in closed:
        last -= timedelta(days=1)
    return day == last
