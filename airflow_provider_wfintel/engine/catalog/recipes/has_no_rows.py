RECIPE = {
    "description": "Go on only if an upstream result is empty.",
    "decorator": "task.short_circuit",
    "actions": ["check", "branch"],
    "services": [],
}


def has_no_rows(value: object) -> bool:
    """Tell whether `value`, a count or a list, is zero or empty; all tasks below are skipped if not."""
    count = len(value) if isinstance(value, list | dict | str) else int(value or 0)
    print(f"{count} found, none wanted")
    return count == 0
