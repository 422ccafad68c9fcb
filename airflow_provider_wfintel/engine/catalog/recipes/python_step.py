RECIPE = {
    "description": "A step whose code only its author knows: it fails until the code is filled in.",
    "decorator": "task",
    "actions": ["extract", "load", "transform", "query", "check", "train", "none"],
    "services": ["python"],
}


def python_step(purpose: str, value: object = None) -> object:
    """Fill in: do what `purpose` says with `value`, the upstream result, and return what follows needs."""
    from airflow.sdk.exceptions import AirflowFailException

    # The description says that something happens here, but not how. Failing is better than pretending.
    raise AirflowFailException(f"this step has no code yet: {purpose}")
