"""What comes again on page after page, rendered once: cards of results, and whole pages of Find for a minute.

A card is known by all that it shows: words of time ("open until 17:00") are part of what it is known by, so none is
shown when it is no longer true. Whole pages are kept for visitors without a session alone, for the state of the index
and the minute in which they were made. Both are bounded: the least lately asked goes first.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field, fields
from operator import attrgetter
from typing import Any, NamedTuple

from django.conf import settings
from django.core.signals import setting_changed
from django.http import HttpRequest
from django.template import Context
from django.template.loader import get_template
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from sympolity.kit import clock
from sympolity.portal.finding import Item
from sympolity.portal.site import READER
from sympolity.search.memo import Kept

__all__ = ["PAGES", "Card", "Page", "PageKey", "card_of", "page_key", "page_of"]

NUMBER = "\ue000"  # stands for the number of a card; nobody's letter
CARDS_KEPT, PAGES_KEPT = 4000, 200  # 2 kB and 80 kB each
LONGEST = 500  # characters of an address whose page is kept
WAIT = 2.0  # seconds for a page that another thread makes
_shown = attrgetter(*(one.name for one in fields(Item) if one.name not in {"number", "anchor", "points", "source"}))


@dataclass(frozen=True, slots=True)
class Card:
    """Markup with :data:`NUMBER` in the place of the number; ``icons`` and ``marks`` are what the page has to explain."""

    markup: str
    icons: frozenset[str]
    marks: frozenset[str]

    def numbered(self, number: int) -> SafeString:
        """The card of one place of a list."""
        return SafeString(self.markup.replace(NUMBER, str(number)))


@dataclass(slots=True)
class Page:
    """A page as it was answered; ``packed``: its bytes by the name of their encoding, as they were asked for."""

    content: bytes
    total: int
    tag: str = ""
    packed: dict[str, bytes] = field(default_factory=dict)


class PageKey(NamedTuple):
    """What a page of a visitor is known by: the state of the index, the minute, the address."""

    root: Hashable
    stamp: Hashable
    minute: int
    host: str
    path: str


CARDS: Kept[Hashable, Card] = Kept(CARDS_KEPT)
PAGES: Kept[PageKey, Page] = Kept(PAGES_KEPT)
_making: dict[PageKey, threading.Event] = {}
_lock, _renewing = threading.Lock(), threading.Lock()


def _forget(**_: Any) -> None:
    """Settings changed under a running process, as tests do: what was made with the old ones is not kept."""
    CARDS.clear()
    PAGES.clear()


setting_changed.connect(_forget, dispatch_uid="portal.fragments")


def card_of(item: Item, context: dict[str, Any]) -> Card:
    """The card of a result, rendered from ``portal/_card.html`` where it is not known yet. ``context``: lang, dir."""
    key = (get_language(), *(tuple(value) if isinstance(value, list) else value for value in _shown(item)))
    return CARDS.of(key, lambda: _rendered(item, context))


def _rendered(item: Item, context: dict[str, Any]) -> Card:
    icons, marks = set[str](), set[str]()
    shown = {one.name: getattr(item, one.name) for one in fields(item)}
    shown |= {"number": NUMBER, "anchor": f"r{NUMBER}"}
    given = context | {"item": shown, "page_icons": icons, "page_marks": marks}
    markup = get_template("portal/_card.html").template.render(Context(given))  # type: ignore[attr-defined]
    return Card(markup, frozenset(icons), frozenset(marks))


def page_key(request: HttpRequest) -> PageKey | None:
    """What a page of a visitor is known by; None where it is not kept. Raises ``IndexAway``."""
    path = request.get_full_path()
    if settings.SESSION_COOKIE_NAME in request.COOKIES or len(path) > LONGEST or request.method not in {"GET", "HEAD"}:
        return None
    minute = int(clock.now().timestamp()) // 60
    return PageKey(READER.root, READER.snapshot().stamp, minute, request.get_host(), path)


def page_of(key: PageKey, make: Callable[[], Page]) -> Page:
    """The page that is kept, or the one that ``make`` gives to the first who asks.

    Others get that of the minute before meanwhile, and where there is none wait for the new one.
    """
    page = PAGES.get(key)
    if page is not None:
        return page
    before = PAGES.get(key._replace(minute=key.minute - 1))
    return _made(key, make) if before is None else _renewed(key, make, before)


def _renewed(key: PageKey, make: Callable[[], Page], before: Page) -> Page:
    """One page after the other: renewing all of them would take all turns of this worker."""
    if not _renewing.acquire(blocking=False):
        return before
    try:
        return PAGES.get(key) or PAGES.put(key, make())
    finally:
        _renewing.release()


def _made(key: PageKey, make: Callable[[], Page]) -> Page:
    mine = threading.Event()
    with _lock:
        making = _making.setdefault(key, mine)
    if making is not mine:
        return (PAGES.get(key) if making.wait(WAIT) else None) or make()  # an error is for each to meet
    try:
        return PAGES.get(key) or PAGES.put(key, make())
    finally:
        with _lock:
            del _making[key]
        mine.set()
