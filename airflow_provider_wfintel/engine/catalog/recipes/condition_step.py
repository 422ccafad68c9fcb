RECIPE = {
    "description": "A condition that only its author can decide: it fails until the code is filled in.",
    "decorator": "task.short_circuit",
    "actions": ["branch"],
    "services": ["python"],
}


def condition_step(purpose: str, value: object = None) -> bool:
    """Fill in: return whether the work below goes on; `purpose` says what the description asks for."""
    from airflow.sdk.exceptions import AirflowFailException

    # The description names a condition, but not how to decide it. Failing is better than guessing.
    raise AirflowFailException(f"this condition has no code yet: {purpose}")
