"""New code for a Lambda function that exists: no operator publishes it."""

from __future__ import annotations

import re

from airflow_provider_wfintel.engine.generation.planning.by_recipe import from_recipe
from airflow_provider_wfintel.engine.generation.planning.desk import Desk
from airflow_provider_wfintel.engine.generation.planning.drafts import Draft, literal
from airflow_provider_wfintel.engine.generation.planning.values import SlotValues, slot_values
from airflow_provider_wfintel.engine.generation.reading.steps import Step
from airflow_provider_wfintel.engine.model import LiteralValue

__all__ = ["deploy_lambda"]

_DEPLOYS = re.compile(r"\W*(?:then\W+)?(?:deploy|re-?deploy|publish|releas|roll\w*\s+out|updat)\w*", re.IGNORECASE)


def deploy_lambda(desk: Desk, step: Step, task: str, fed: bool) -> tuple[Draft, ...] | None:  # noqa: ARG001 - every builder is asked the same way
    """The code in an archive of S3 becomes the next version of the function."""
    if set(step.services) - {"aws_lambda", "amazon_s3"} or "aws_lambda" not in step.services or step.foreach:
        return None
    values = slot_values(step)
    known = [values.get(name) for name in ("function", "bucket", "key")]
    told = [str(item.value) for item in known if isinstance(item, LiteralValue)]
    if not _DEPLOYS.match(step.words) or len(told) != 3 or not re.search(r"\.(?:zip|jar)$", told[2], re.IGNORECASE):
        return None
    extra = tuple(literal(name, value) for name, value in zip(("function", "bucket", "key"), told, strict=True))
    return (from_recipe(desk, step, "update_lambda_code", SlotValues({}, {}), task, service="aws_lambda", extra=extra),)
