RECIPE = {
    "description": "Go on only if two upstream counts are not the same.",
    "decorator": "task.short_circuit",
    "actions": ["check", "branch"],
    "services": [],
}


def counts_differ(left: object, right: object) -> bool:
    """Tell whether `left` and `right` differ; all tasks below are skipped if they are equal."""

    def number(value: object) -> int:
        # A query operator returns rows, a counting task returns the number itself.
        while isinstance(value, list | tuple):
            value = value[0] if value else 0
        return int(value or 0)

    print(f"{number(left)} on the left, {number(right)} on the right")
    return number(left) != number(right)
