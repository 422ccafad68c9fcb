"""Whatever is added to a description as a clause of its own: its words are told, or they stand in the workflow."""

from __future__ import annotations

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from airflow_provider_wfintel.engine.generation.service import generate
from airflow_provider_wfintel.engine.model import Generation, to_json

_SENTENCES = (
    "Copy the MySQL table shop.orders to s3://lake/orders/.",
    "Run `dbt build`.",
    "Load s3://feeds/ads.csv into the Snowflake table RAW.ADS.",
    "Fetch /v1/rates from the rates API (connection rates_api) and load the rows into the Postgres table fx.rates.",
    "Delete the rows older than 90 days from the Postgres table audit.log.",
    "Post 'done' to #data on Slack.",
    "Start the Databricks job 4711 and refresh the Tableau workbook Ops.",
    "Wait for the file s3://in/ready.flag.",
    "If anything fails, mail ops@example.com.",
    "For each of the regions eu and us run `/opt/run.sh`.",
)
_FORMS = (
    "{a} the {b}",
    "{a}ing the {b}",
    "with the {a} {b}",
    "as a {a} {b}",
    "the {a} is {b}",
    "under the {a} of the {b}",
)
# Words of no language that is read: two to four syllables of a kind that no word list holds.
_NONSENSE = st.lists(st.sampled_from(["zwo", "kru", "vlim", "quaj", "brox", "flun"]), min_size=2, max_size=4).map(
    "".join
)


def _is_heard(word: str, answer: Generation) -> bool:
    told = [span.of(answer.text).lower() for span in answer.unused]
    told += [item.text.lower() for item in (*answer.warnings, *answer.clarifications)]
    values = json.dumps([to_json(task.arguments) for task in answer.spec.tasks], ensure_ascii=False).lower()
    held = [values, json.dumps(to_json(answer.spec.alerts)).lower(), answer.spec.owner]
    return any(word in text for text in (*told, *held))


@given(
    st.lists(st.sampled_from(_SENTENCES), min_size=1, max_size=3, unique=True),
    st.sampled_from(_FORMS),
    st.tuples(_NONSENSE, _NONSENSE).filter(lambda pair: pair[0] != pair[1]),
    st.integers(min_value=0, max_value=3),
    st.booleans(),
)
@settings(max_examples=150, deadline=None)
def test_no_word_of_an_added_clause_vanishes(
    sentences: list[str], form: str, pair: tuple[str, str], place: int, own_sentence: bool
) -> None:
    words = form.format(a=pair[0], b=pair[1])
    place = min(place, len(sentences) - 1)
    if own_sentence:
        sentences.insert(place + 1, f"{words[0].upper()}{words[1:]}.")
    else:
        sentences[place] = f"{sentences[place][:-1]}, {words}."
    answer = generate(f"Every day at 6: {' '.join(sentences)}")
    lost = [word for word in pair if not _is_heard(word, answer)]
    assert lost == [], answer.text
