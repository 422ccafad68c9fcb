"""Many fixed words are found in one pass, exactly where one of them stands."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from airflow_provider_wfintel.engine.troubleshooting.patterns import any_of
from airflow_provider_wfintel.engine.troubleshooting.redaction import redact

TEXTS = st.text("xyzw. -", max_size=40)


@given(st.lists(st.text("xyzw. -", min_size=1, max_size=5), min_size=1, max_size=12), TEXTS)
def test_it_finds_the_first_place_at_which_any_of_the_words_stands(words, text):
    found = any_of(tuple(words)).search(text)
    places = [place for place in range(len(text)) if text.startswith(tuple(words), place)]
    assert (found.start() if found else None) == (places[0] if places else None)


def test_a_word_that_begins_inside_another_one_is_not_overlooked():
    assert redact("keyJhbGciOiJIUzI1NiJ9.e30.abc") == "k***"
    assert redact("the key is not here, token=abc12345") == "the key is not here, token=***"
