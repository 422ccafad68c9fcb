RECIPE = {
    "description": "Go on only if two counts differ, or only if they agree.",
    "decorator": "task.short_circuit",
    "actions": ["check", "branch"],
    "services": [],
}


def compare_counts(left: object, right: object, go_on_if: str = "differ", tolerance: int = 0) -> bool:
    """Compare two counts or lists; with `go_on_if="equal"` the tasks below run only if they agree."""

    def count(value: object) -> int:
        return len(value) if isinstance(value, list | dict) else int(value or 0)

    difference = abs(count(left) - count(right))
    print(f"{count(left)} against {count(right)}")
    return (difference > tolerance) == (go_on_if == "differ")
