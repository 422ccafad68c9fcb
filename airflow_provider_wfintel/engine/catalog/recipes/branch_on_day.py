RECIPE = {
    "description": "Take one way on a certain day of the week or month, the other way on all others.",
    "decorator": "task.branch",
    "actions": ["branch"],
    "services": ["airflow"],
}


def branch_on_day(which: str, if_true: list, if_false: list, timezone: str = "UTC", logical_date=None) -> list:
    """Return `if_true` if the run's date is `which`: `first_of_month`, `last_of_month`, `weekend`, `weekday`, `monday` …"""
    import pendulum

    day = (logical_date or pendulum.now("UTC")).in_timezone(timezone).date()
    last = day.days_in_month
    holds = {
        "first_of_month": day.day == 1,
        "last_of_month": day.day == last,
        "weekend": day.isoweekday() > 5,
        "weekday": day.isoweekday() < 6,
    }
    names = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
    if which not in holds and which not in names:
        raise ValueError(f"no day is called {which!r}")
    found = holds.get(which, names[day.isoweekday() - 1] == which)
    print(f"{day} is {'' if found else 'not '}{which}")
    return if_true if found else if_false
