RECIPE = {
    "description": "Go on only if an upstream result is not empty or a count is large enough.",
    "decorator": "task.short_circuit",
    "actions": ["check", "branch"],
    "services": [],
}


def has_rows(value: object, minimum: int = 1) -> bool:
    """Tell whether `value`, a count or a list, reaches `minimum`; all tasks below are skipped if not."""
    count = value
    # The answer to a count is one row with one number; anything else counts by its length.
    while isinstance(count, list | tuple | dict) and len(count) == 1:
        count = next(iter(count.values() if isinstance(count, dict) else count))
    if not isinstance(count, int | float):
        count = len(value) if isinstance(value, list | tuple | dict | str) else 0
    print(f"{count} found, {minimum} needed")
    return count >= minimum
