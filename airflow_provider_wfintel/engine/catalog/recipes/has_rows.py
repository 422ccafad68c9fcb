RECIPE = {
    "description": "Go on only if an upstream result is not empty or a count is large enough.",
    "decorator": "task.short_circuit",
    "actions": ["check", "branch"],
    "services": [],
}


def has_rows(value: object, minimum: int = 1) -> bool:
    """Tell whether `value`, a count or a list, reaches `minimum`; all tasks below are skipped if not."""
    count = len(value) if isinstance(value, list | dict | str) else int(value or 0)
    print(f"{count} found, {minimum} needed")
    return count >= minimum
