RECIPE = {
    "description": "Let a run through only on the n-th business day of its month.",
    "decorator": "task.short_circuit",
    "actions": ["branch"],
    "services": ["airflow"],
}


def gate_nth_business_day(n: int, timezone: str = "UTC", country: str = "", logical_date=None) -> bool:
    """Tell whether the run's date is the `n`-th business day of its month; else all below is skipped."""
    from datetime import timedelta

    import pendulum

    day = (logical_date or pendulum.now("UTC")).in_timezone(timezone).date()
    closed: set = set()
    if country:
        import holidays

        closed = set(holidays.country_holidays(country, years=day.year))
    days = [day.replace(day=1) + timedelta(days=passed) for passed in range(day.day)]
    business_days = [item for item in days if item.isoweekday() < 6 and item not in closed]
    return day in business_days and len(business_days) == n
