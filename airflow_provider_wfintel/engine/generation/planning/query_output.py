"""Where a query engine leaves its results: "with output s3://results/" is a setting of the query, no copy."""

from __future__ import annotations

import re
from dataclasses import replace

from airflow_provider_wfintel.engine.generation.reading.steps import Step

__all__ = ["with_output_place"]

_OUTPUT = re.compile(
    r"\b(?:output|results?|ergebnis\w*|résultats?|resultados?|saída|salida)\b[^.;]{0,40}?\bs3a?://", re.IGNORECASE
)


def with_output_place(step: Step) -> Step:
    """The step as one query of Athena, if the only thing that it has to do with S3 is where the results go."""
    if set(step.services) != {"amazon_athena", "amazon_s3"} or not _OUTPUT.search(step.words):
        return step
    stated = step.values("sql") or step.values("sql_file")
    if not stated or len(step.values("uri")) != 1:
        return step
    slots = tuple(replace(item, service="") if item.service == "amazon_s3" else item for item in step.slots)
    return replace(step, action="query", source="", target="amazon_athena", slots=slots)
