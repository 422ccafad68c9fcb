"""What holds for every text."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from airflow_provider_wfintel.engine.catalog import load_catalog
from airflow_provider_wfintel.engine.catalog.lexicon import load_lexicon
from airflow_provider_wfintel.engine.generation.mentions import (
    MAX_CHARACTERS,
    find_mentions,
    named_services,
    require_text,
)
from airflow_provider_wfintel.engine.generation.mentions.tokens import fold, split_words
from airflow_provider_wfintel.exceptions import EmptyInputError, InputTooLargeError, NotTextError

_NAMES = sorted(load_lexicon().aliases)
_PLAIN = sorted(
    name for name in load_lexicon().plain if name.replace(" ", "").isalnum() and name.isascii() and len(name) > 3
)
_PIECES = st.one_of(
    st.sampled_from(_NAMES),
    st.sampled_from(
        ["from", "to", "instead of", "the", "and", ",", ".", "\n", "every Monday", "no", "https://", "@", "_"]
    ),
    st.text(max_size=12),
)
_TEXTS = st.lists(_PIECES, max_size=14).map(" ".join)


@settings(max_examples=300, deadline=None)
@given(_TEXTS)
def test_mentions_lie_in_the_text_in_order_and_apart(text: str) -> None:
    mentions = find_mentions(text)
    position = 0
    for mention in mentions:
        assert position <= mention.span.start < mention.span.end <= len(text)
        assert mention.span.of(text).strip() == mention.span.of(text) != ""
        assert 0.0 <= mention.confidence <= 1.0
        assert mention.service in load_catalog()
        assert mention.service not in mention.alternatives
        position = mention.span.end


@settings(max_examples=100, deadline=None)
@given(_TEXTS)
def test_the_same_text_gives_the_same_answer(text: str) -> None:
    assert find_mentions(text) == find_mentions(text)


@settings(max_examples=100, deadline=None)
@given(_TEXTS)
def test_named_services_are_sure_mentions_without_repeats(text: str) -> None:
    mentions = find_mentions(text)
    named = named_services(mentions)
    assert len(set(named)) == len(named)
    assert set(named) <= {item.service for item in mentions if item.role != "passing" and item.confidence >= 0.5}


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(_PLAIN), st.sampled_from(["Copy it to {}.", "Read rows from {} and store them.", "{} export"]))
def test_an_unambiguous_name_is_always_found(name: str, frame: str) -> None:
    text = frame.format(name)
    spans = [fold(item.span.of(text)) for item in find_mentions(text) if item.role != "passing"]
    assert any(fold(name) in span or span in fold(name) for span in spans)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200))
def test_words_cover_exactly_their_spans(text: str) -> None:
    words = split_words(text)
    for form, start, end in zip(words.forms, words.starts, words.ends, strict=True):
        assert fold(text[start:end]) == form


def test_many_texts_are_read_fast() -> None:
    text = (
        "Copy new orders from Shopify to Snowflake every Monday, then post a line to the sales channel in Slack. " * 4
    )
    find_mentions(text)
    start = time.process_time()
    for _ in range(200):
        find_mentions(text)
    assert time.process_time() - start < 2.0


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("", EmptyInputError),
        (" \n\t ", EmptyInputError),
        ("a" * (MAX_CHARACTERS + 1), InputTooLargeError),
        ("PNG\x00\x01\x02", NotTextError),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_hint(text: str, error: type[Exception]) -> None:
    with pytest.raises(error) as caught:
        require_text(text)
    assert caught.value.hint  # type: ignore[attr-defined]


def test_readable_text_is_handed_back() -> None:
    assert require_text("Copy the file.\n") == "Copy the file.\n"


@pytest.mark.parametrize("piece", ["slack box line ", "instead of Jira, ", "the close of the front\n", "a" * 50 + " "])
def test_the_longest_text_is_read_in_seconds(piece: str) -> None:
    text = (piece * (MAX_CHARACTERS // len(piece) + 1))[:MAX_CHARACTERS]
    start = time.process_time()
    find_mentions(text)
    assert time.process_time() - start < 8.0
