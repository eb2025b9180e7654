"""The tags every template has: icons, shapes of states, words with their language.

What they print is escaped; only our own drawings are markup.
"""

from __future__ import annotations

import re
from typing import Any

from django import template
from django.forms import BoundField
from django.template import Context
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, pgettext

from sympolity.design import icons, shapes

register = template.Library()

_USED = "design icons"
_BLANK_LINES = re.compile(r"\n[ \t]*\n\s*")
_DIRECTIONS = frozenset({"ltr", "rtl", "auto"})
_TONES = {"open": "open", "call": "call", "stop": "stop", "info": "info"}


def _remember(context: Context, name: str) -> None:
    used = context.get("page_icons")
    (used if isinstance(used, set) else _own(context)).add(name)


def _own(context: Context) -> set[str]:
    """Where names are kept when {% include … only %} took the page's set away: the lowest render context stays."""
    lowest: dict[str, Any] = context.render_context.dicts[0]  # type: ignore[assignment]
    kept: set[str] = lowest.setdefault(_USED, set())
    return kept


@register.simple_tag(takes_context=True)
def icon(context: Context, name: object, cls: str = "") -> SafeString:
    """An icon, hidden from screen readers: words stand beside it. ``cls``: further classes, "i-dir" mirrors it."""
    known = icons.known(str(name))
    _remember(context, known)
    return format_html(
        '<svg class="i{}" viewBox="0 0 24 24" aria-hidden="true"><use href="#i-{}"/></svg>',
        f" {cls}" if cls else "",
        known,
    )


@register.simple_tag(takes_context=True)
def icon_sheet(context: Context) -> SafeString:
    """The drawings of the icons this page used; once, at the end of the body."""
    given = context.get("page_icons")
    used = _own(context) | (given if isinstance(given, set) else set())
    return mark_safe(icons.sheet(used))  # noqa: S308 - our own files


@register.simple_tag
def state_shape(state: object) -> SafeString:
    """The shape of a state: open, later, closed, call, stop, waiting."""
    return mark_safe(shapes.shape(str(state)))  # noqa: S308 - our own drawing


@register.simple_block_tag
def kept(content: str) -> SafeString:
    """Markup put into one line, for a second place: ``{% kept as page_title %}…{% endkept %}``.

    Quotation marks are escaped: words of the catalogues come without it, and the second place is an attribute.
    """
    return SafeString(" ".join(content.split()).replace('"', "&quot;"))


@register.filter
def tone(state: object) -> str:
    """The class that colours a state or a note; what is neither open, call nor stop is quiet."""
    return _TONES.get(str(state), "shut")


@register.simple_tag
def mark() -> SafeString:
    """The mark; the name stands beside it as text."""
    return mark_safe(shapes.MARK)  # noqa: S308 - our own drawing


@register.simple_tag
def ltr(value: object) -> SafeString:
    """A phone number, time, price or code: left to right in every script."""
    return format_html('<bdi dir="ltr">{}</bdi>', "" if value is None else value)


@register.simple_tag(takes_context=True)
def said(context: Context, text: object, tags: bool = True) -> SafeString:
    """Words with .body .lang .dir .outdated .machine, or a plain string; marked when in another language.

    That a machine wrote some is said once, at the end of the page (``machine_note``): behind every word it
    would hide the words.
    """
    words = _body(text)
    if not words:
        return SafeString()
    once = _noted(context, text)
    attributes = _foreign(context, text)
    inner = format_html("<span{}>{}</span>", attributes, words) if attributes else conditional_escape(words)
    return SafeString(inner + (_state_tags(text, machine=not once) if tags else ""))


@register.simple_tag(takes_context=True)
def paragraphs(context: Context, text: object) -> SafeString:
    """The same as ``said`` for a text of several lines: blank lines part paragraphs."""
    parts = [part.strip() for part in _BLANK_LINES.split(_body(text)) if part.strip()]
    attributes = _foreign(context, text)
    tags = _state_tags(text, machine=not _noted(context, text))
    last = len(parts) - 1
    return format_html_join(
        "\n", "<p{}>{}{}</p>", ((attributes, _lines(part), tags if n == last else "") for n, part in enumerate(parts))
    )


@register.simple_tag
def widget(field: BoundField) -> SafeString:
    """The control of a Django form field, in the look; Django itself points it to its hint and error."""
    classes = field.field.widget.attrs.get("class", "")
    return SafeString(field.as_widget(attrs={"class": f"in {classes}".strip()}))


def _body(text: object) -> str:
    body = getattr(text, "body", text)
    return "" if body is None else str(body)


def _foreign(context: Context, text: object) -> SafeString:
    lang = str(getattr(text, "lang", "") or "")
    if not lang or lang == (context.get("lang") or get_language()):
        return SafeString()
    direction = str(getattr(text, "dir", "auto"))
    return format_html(' lang="{}" dir="{}"', lang, direction if direction in _DIRECTIONS else "auto")


def _lines(part: str) -> SafeString:
    return format_html_join(mark_safe("<br>"), "{}", ((line.strip(),) for line in part.split("\n")))


def _noted(context: Context, text: object) -> bool:
    """Whether the page will say at its end that a machine wrote ``text``."""
    marks = context.get("page_marks")
    if marks is None or not getattr(text, "machine", False):
        return False
    marks.add("machine")
    return True


@register.inclusion_tag("design/parts/machine_note.html", takes_context=True)
def machine_note(context: Context) -> dict[str, bool]:
    """At the end of a page: that a machine wrote some of its words, if it did."""
    return {"machine": "machine" in (context.get("page_marks") or ())}


def _state_tags(text: Any, *, machine: bool) -> SafeString:
    words = []
    if getattr(text, "outdated", False):
        words.append(pgettext("state of a text", "outdated translation"))
    if machine and getattr(text, "machine", False):
        words.append(pgettext("state of a text", "machine translation"))
    return format_html_join("", ' <small class="tag">{}</small>', ((word,) for word in words))
