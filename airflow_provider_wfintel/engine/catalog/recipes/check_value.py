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
    found = len(value) if isinstance(value, list | dict) and isinstance(threshold, int | float) else value
    print(f"{found} {operator} {threshold}?")
    return compare(found, threshold)
