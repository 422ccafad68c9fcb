RECIPE = {
    "description": "A branch whose condition only its author knows: it fails until the condition is filled in.",
    "decorator": "task.branch",
    "actions": ["branch"],
    "services": [],
}


def branch_on_condition(condition: str, if_true: list, if_false: list, value: object = None) -> list:
    """Fill in: return `if_true` if `condition` holds for `value`, the upstream result, else `if_false`."""
    from airflow.sdk.exceptions import AirflowFailException

    # The description names the condition, but not how to find out. Failing is better than guessing a way.
    raise AirflowFailException(f"this branch has no code yet: {condition}")
