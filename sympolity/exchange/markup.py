"""Words out of HTML: fields that should be plain text arrive with tags and entities in them."""

from __future__ import annotations

import html
import re

__all__ = ["plain"]

_LIMIT = 40_000  # characters looked at: twice what the longest column takes
_SILENT = re.compile(r"<(script|style)\b[^>]*>.{0,20000}?</\1\s*>", re.IGNORECASE | re.DOTALL)
_COMMENT = re.compile(r"<!--.{0,20000}?-->", re.DOTALL)
_BREAK = re.compile(r"<(?:br|/p|/div|/li|/h[1-6]|/tr)\b[^<>]{0,200}>", re.IGNORECASE)
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,2000}>")
_MARKED = re.compile(r"<[a-zA-Z/!]|&[#a-zA-Z]")


def plain(text: str) -> str:
    """``text`` without tags, its entities as characters. "a < b" stays as it is."""
    text = text[:_LIMIT]
    if not _MARKED.search(text):
        return text
    text = _COMMENT.sub(" ", _SILENT.sub(" ", text))
    return html.unescape(_TAG.sub("", _BREAK.sub("\n", text)))
