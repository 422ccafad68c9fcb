"""Pages of lists: `limit`, and either an opaque `cursor` that the page before has named or an `offset`.

A cursor holds the place of the last item that was seen, not a number of items: what is added or goes away meanwhile
makes no item come twice and none be left out. It belongs to one list with its filters and is refused elsewhere.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from fastapi import Query, Request

from airflow_provider_wfintel.exceptions import CursorError
from airflow_provider_wfintel.store.paging import Place

__all__ = ["Page", "paged"]

Item = TypeVar("Item")

_NO_FILTERS = frozenset({"limit", "offset", "cursor"})


@dataclass(frozen=True, slots=True)
class Page:
    """What part of a list is asked for.

    Attributes:
        limit: most items of the page.
        offset: items to leave out; 0 with a cursor.
        place: the parts of the place of the last item that was seen; empty: from the front.
        scope: which list and filters it is about.
    """

    limit: int
    offset: int = 0
    place: tuple[str, ...] = ()
    scope: str = ""

    @property
    def rows(self) -> int:
        """How many items to look for: one more than are shown tells whether there is a further page."""
        return self.limit + 1

    @property
    def after(self) -> Place | None:
        """The place, for lists in the order of a moment.

        Raises:
            CursorError: it is none of such a list.
        """
        if not self.place:
            return None
        try:
            moment, key = self.place
            return Place(_aware(datetime.fromisoformat(moment)), key)
        except ValueError as error:
            raise _not_ours() from error

    @property
    def after_number(self) -> tuple[float, str] | None:
        """The place, for lists in the order of a number and a key.

        Raises:
            CursorError: it is none of such a list.
        """
        if not self.place:
            return None
        try:
            number, key = self.place
            value = float(number)
        except ValueError as error:
            raise _not_ours() from error
        if not math.isfinite(value):
            raise _not_ours()
        return value, key

    def cut(self, found: Sequence[Item], place: Callable[[Item], tuple[str, ...]]) -> tuple[Sequence[Item], str]:
        """The items of the page and the cursor of the next; empty if this is the last.

        Args:
            found: up to `rows` items from the place on.
            place: the place of an item in the order of the list.
        """
        shown = found[: self.limit]
        return shown, self._cursor(place(shown[-1])) if len(found) > self.limit else ""

    def of(self, items: Sequence[Item], key: Callable[[Item], str]) -> tuple[Sequence[Item], str]:
        """The page of a list that is whole in memory and ordered by a text.

        Raises:
            CursorError: the place is none of such a list.
        """
        if len(self.place) > 1:
            raise _not_ours()
        rest = [item for item in items if key(item) > self.place[0]] if self.place else items[self.offset :]
        return self.cut(rest[: self.rows], lambda item: (key(item),))

    def _cursor(self, place: tuple[str, ...]) -> str:
        text = json.dumps([self.scope, *place], ensure_ascii=False, separators=(",", ":"))
        return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def paged(default: int, most: int) -> Callable[..., Page]:
    """A dependency that reads the page from the query.

    Args:
        default: items of a page if `limit` is not given.
        most: the largest `limit`.
    """

    # Defaults and not `Annotated`: annotations are texts here, and cannot name the arguments of this function.
    def read(
        request: Request,
        limit: int = Query(default, ge=1, le=most, description="Most items of the page."),
        offset: int = Query(0, ge=0, le=2**31, description="Items to leave out. Not with a cursor."),
        cursor: str = Query("", max_length=2000, description="`next_cursor` of the page before; empty: page one."),
    ) -> Page:
        scope = _scope(request)
        if not cursor:
            return Page(limit, offset, scope=scope)
        if offset:
            raise CursorError("a page has a cursor or an offset, not both", hint="leave `offset` out")
        return Page(limit, place=_place(cursor, scope), scope=scope)

    return read


def _scope(request: Request) -> str:
    """A short name of the list: its path and the filters, whatever their order."""
    filters = sorted((name, value) for name, value in request.query_params.multi_items() if name not in _NO_FILTERS)
    return hashlib.sha256(json.dumps([request.url.path, filters]).encode()).hexdigest()[:12]


def _place(cursor: str, scope: str) -> tuple[str, ...]:
    try:
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        parts: Any = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
    except (UnicodeError, binascii.Error, ValueError, RecursionError) as error:
        raise _not_ours() from error
    if not isinstance(parts, list) or len(parts) < 2 or not all(_is_text(part) for part in parts):
        raise _not_ours()
    if parts[0] != scope:
        raise CursorError("this cursor belongs to another list or other filters", hint="begin with the first page")
    return tuple(parts[1:])


def _is_text(part: Any) -> bool:
    """Whether a database can be asked for it: none stores halves of characters, PostgreSQL no null characters."""
    return isinstance(part, str) and "\0" not in part and part.encode("utf-8", "replace").decode() == part


def _not_ours() -> CursorError:
    return CursorError("this is no cursor of this list", hint="take `next_cursor` of the page before, or leave it out")


def _aware(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("no time zone")
    return moment
