RECIPE = {
    "description": "Fail if two counts differ by more than is allowed.",
    "decorator": "task",
    "actions": ["check"],
    "services": [],
}


def require_equal_counts(left: object, right: object, tolerance: int = 0) -> int:
    """Compare two counts and return how far they are apart; more than `tolerance` fails the task."""
    difference = abs(int(left or 0) - int(right or 0))
    if difference > tolerance:
        raise ValueError(f"{left} against {right}: they differ by {difference}, {tolerance} is allowed")
    return difference
