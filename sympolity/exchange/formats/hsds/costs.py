"""What a service costs: words into the note, and a word of ours only when it is certain."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sympolity.exchange.formats.hsds.words import Taker, number_of, paragraphs
from sympolity.kit.bidi import clean_line
from sympolity.kit.fold import fold

__all__ = ["cost_of"]

_FREE = frozenset({
    "none", "free", "no", "no fee", "no fees", "no charge", "no cost", "free of charge", "free service", "there is no charge",
    "this service is free", "this is a free service", "the service is free", "0", "δωρεαν", "χωρις χρεωση",
})  # fmt: skip
_NOTE = 300
_ROWS = 20


def cost_of(raw: Mapping[str, Any], take: Taker) -> tuple[str, str, str]:
    """(cost, note, what is too long for the note)."""
    keys = [key for key in ("fees_description", "fees", "accepted_payments") if take.text(raw, "", key)]
    texts = [take.text(raw, "", key) for key in keys]
    amounts: list[float] = []
    dated = False
    for path, row in take.rows(raw, "", "cost_options")[:_ROWS]:
        words = _words(row, path, take)
        if words:
            texts.append(words)
            take.whole(path)
        amount = number_of(row.get("amount"))
        # A price with an end may be over when somebody reads it.
        dated = dated or row.get("valid_to") not in (None, "")
        if amount is not None:
            amounts.append(amount)
    note = paragraphs(*texts)
    cost = _certain(texts[: len(keys)], [] if dated else amounts)
    line = clean_line(note)
    return (cost, line, "") if len(line) <= _NOTE else (cost, clean_line(line, _NOTE), note)


def _certain(texts: list[str], amounts: list[float]) -> str:
    free = [fold(one).strip(" .!") in _FREE for one in texts]
    if (free or amounts) and all(free) and not any(amounts):
        return "free"
    if amounts and min(amounts) > 0 and not any(free):
        return "paid"
    return "unknown"


def _words(row: Mapping[str, Any], path: str, take: Taker) -> str:
    """Such as: 35 GBP per hour (under 18; 2024-01-01 – 2024-12-31)."""
    price = " ".join(
        one for one in (take.line(row, path, "amount", 20), take.line(row, path, "currency", 10).upper()) if one
    )
    price = " ".join(one for one in (price, take.line(row, path, "amount_description", 150)) if one)
    span = [take.line(row, path, key, 30) for key in ("valid_from", "valid_to")]
    when = " – ".join(span) if any(span) else ""
    beside = "; ".join(one for one in (take.line(row, path, "option", 150), when) if one)
    return f"{price} ({beside})" if price and beside else price or beside
