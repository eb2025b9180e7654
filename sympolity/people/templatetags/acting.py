"""For whom the reader acts, as every page of the desk shows it."""

from __future__ import annotations

from typing import Any

from django import template
from django.template.context import Context

from sympolity.languages.texts import bundles
from sympolity.people import queries
from sympolity.people.models import Organization

register = template.Library()


@register.inclusion_tag("people/_acting.html", takes_context=True)
def acting(context: Context) -> dict[str, Any]:
    """The organization acted for, with a way to another one where there are several."""
    request = context["request"]
    actor = request.actor
    if actor.person is None or actor.acting_for is None:
        return {"name": None}
    own = queries.in_force().filter(person_id=actor.person).values("organization_id")
    every = list(Organization.objects.filter(id__in=own))
    rows = [one for one in every if one.id == actor.acting_for]
    said = bundles("organization", rows)
    name = said[rows[0].id].said("name", getattr(request, "LANGUAGE_CODE", "en")) if rows else None
    return {"name": name, "several": len(every) > 1, "lang": context.get("lang")}
