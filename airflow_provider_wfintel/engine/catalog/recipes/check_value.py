RECIPE = {
    "description": "Go on only if an upstream value compares as wanted.",
    "decorator": "task.short_circuit",
    "actions": ["check", "branch"],
    "services": [],
}


def check_value(value: object, operator: str, threshold: object) -> bool:
    """Compare `value` with `threshold` by `operator` (`<`, `<=`, `>`, `>=`, `==`, `!=`); else all below is skipped."""
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
    return compare(found, threshold)
