"""A result as a card, rendered once for all lists that show it."""

from __future__ import annotations

from django import template
from django.template import Context
from django.utils.safestring import SafeString

from sympolity.portal.finding import Item
from sympolity.portal.fragments import card_of

register = template.Library()


@register.simple_tag(takes_context=True)
def card(context: Context, item: Item) -> SafeString:
    """``portal/_card.html`` for an item, with its number; its icons and marks become those of the page."""
    found = card_of(item, {"lang": context.get("lang"), "dir": context.get("dir")})
    for name, more in (("page_icons", found.icons), ("page_marks", found.marks)):
        known = context.get(name)
        if isinstance(known, set):
            known |= more
    return found.numbered(item.number)
