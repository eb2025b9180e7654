"""A mapping that somebody names: its JSON, a saved one, or a file."""

from __future__ import annotations

import json
from pathlib import Path

from sympolity.exchange.models import Mapping as Row
from sympolity.exchange.reading import Unreadable
from sympolity.exchange.tables.mapping import Mapping, loaded
from sympolity.kit.bidi import clean_line

__all__ = ["named"]

_SIZE = 1_000_000  # bytes of a file


def named(text: str) -> Mapping:
    """The mapping that ``text`` is (JSON), that is saved under it, or that stands in the file of this path.

    A page hands over JSON or the name of a saved mapping, never a path of its reader's making.
    Raises :class:`Unreadable`.
    """
    if text.lstrip().startswith("{"):
        return loaded(text)
    row = Row.objects.filter(name=text[:80]).first() if "\x00" not in text else None
    if row is not None:
        return loaded(json.dumps(row.body))
    return loaded(_file(text))


def _file(name: str) -> str:
    shown = clean_line(name, 80)
    try:
        path = Path(name)
        if not path.is_file():
            raise Unreadable(f'There is no saved mapping and no file called "{shown}".')
        if path.stat().st_size > _SIZE:
            raise Unreadable(f'The mapping "{shown}" has more than {_SIZE // 10**6} MB.')
        return path.read_text(encoding="utf-8-sig")
    except (OSError, ValueError) as error:
        raise Unreadable(f'The mapping "{shown}" cannot be read: {error}.') from None
