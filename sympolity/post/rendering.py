"""A letter as plain text and as HTML: the same words, in the recipient's language and direction.

The HTML has no style, script, picture or anything else that a mail program would fetch.
"""

from __future__ import annotations

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import pgettext

from sympolity.languages import registry
from sympolity.post.letters import Button, Letter, Listing, Part, Row

__all__ = ["absolute", "as_html", "as_text"]


def absolute(path: str) -> str:
    """The address of a path of this site."""
    return f"{settings.SITE_URL}{path}"


def as_text(letter: Letter, lang: str, *, unsubscribe: str = "") -> str:
    """Plain text. ``unsubscribe``: the path of the page that ends such mails."""
    with translation.override(lang):
        blocks = [_block(part) for part in letter.parts]
        foot = ["-- ", f"Sympolity · {settings.SITE_URL}"]
        if unsubscribe:
            ending = pgettext("foot of a mail", "You do not want such mails any more?")
            foot += [f"{ending}\n{absolute(unsubscribe)}"]
    return "\n\n".join(block for block in blocks if block) + "\n\n" + "\n".join(foot) + "\n"


def _block(part: Part) -> str:
    match part:
        case Button():
            return f"{part.label}:\n{absolute(part.path)}"
        case Listing():
            return "\n\n".join(map(_row, part.rows))
        case _:
            return part


def _row(row: Row) -> str:
    below = [row.words, absolute(row.path) if row.path else ""]
    return "\n".join([f"• {row.title}", *(f"  {line}" for line in below if line)])


def as_html(letter: Letter, lang: str, *, unsubscribe: str = "") -> str:
    """A whole HTML document; every word of the letter is escaped."""
    context = {
        "lang": lang,
        "dir": registry.direction(lang),
        "subject": letter.subject,
        "parts": [(_kind(part), part) for part in letter.parts],
        "site": settings.SITE_URL,
        "unsubscribe": absolute(unsubscribe) if unsubscribe else "",
    }
    with translation.override(lang):
        return render_to_string("post/letter.html", context)


def _kind(part: Part) -> str:
    match part:
        case Button():
            return "button"
        case Listing():
            return "rows"
        case _:
            return "words"
