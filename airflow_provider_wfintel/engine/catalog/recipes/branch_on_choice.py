RECIPE = {
    "description": "Take the way that belongs to an upstream value.",
    "decorator": "task.branch",
    "actions": ["branch"],
    "services": [],
}


def branch_on_choice(value: object, choices: dict, otherwise: list | None = None) -> list | str | None:
    """Return the task ids that `choices` has for `value`, else `otherwise`; None skips all below."""
    chosen = choices.get(str(value), otherwise)
    print(f"{value}: {chosen}")
    return chosen
