RECIPE = {
    "description": "A check whose condition only its author knows: it fails until the condition is filled in.",
    "decorator": "task.short_circuit",
    "actions": ["check", "branch"],
    "services": [],
}


def check_condition(condition: str, value: object = None) -> bool:
    """Fill in: tell whether `condition` holds for `value`, the upstream result; else all below is skipped."""
    from airflow.sdk.exceptions import AirflowFailException

    # The description names the condition, but not how to find out. Failing is better than guessing.
    raise AirflowFailException(f"this check has no code yet: {condition}")
