"""Places in lists that are ordered by a moment, the newest first: where the next page goes on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, or_

__all__ = ["Place", "beyond"]


@dataclass(frozen=True, slots=True)
class Place:
    """The last item of a page: its moment, and its key, which orders items of the same moment."""

    moment: datetime
    key: str


def beyond(moment: Any, key: Any, place: Place) -> ColumnElement[bool]:
    """The condition of rows after a place in the order `moment DESC, key`.

    What is added at the front meanwhile moves nothing, unlike with an offset.
    """
    return and_(moment <= place.moment, or_(moment < place.moment, key > place.key))
