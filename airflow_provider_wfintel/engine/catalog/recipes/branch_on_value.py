RECIPE = {
    "description": "Take one way or the other, by the comparison of an upstream value.",
    "decorator": "task.branch",
    "actions": ["branch"],
    "services": [],
}


def branch_on_value(value: object, operator: str, threshold: object, if_true: list, if_false: list) -> list:
    """Return the ids of the tasks to go on with: `if_true` if the comparison holds, else `if_false`."""
    import operator as operators

    compare = {
        "<": operators.lt,
        "<=": operators.le,
        ">": operators.gt,
        ">=": operators.ge,
        "==": operators.eq,
        "!=": operators.ne,
    }[operator]
    found = value
    # The answer to a count is one row with one number; any other list counts by its length.
    while isinstance(found, list | tuple | dict) and len(found) == 1:
        found = next(iter(found.values() if isinstance(found, dict) else found))
    if isinstance(threshold, str):
        if isinstance(found, list | tuple | dict):
            raise ValueError(f"one value is needed to compare with {threshold!r}, not {found!r}")
        found = str(found)
    elif not isinstance(found, int | float) and isinstance(value, list | dict):
        found = len(value)
    print(f"{found} {operator} {threshold}?")
    return if_true if compare(found, threshold) else if_false
