"""Text from outside, made fit for the columns of this room. Each raises Refusal with the item's place."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email

from sympolity.kit.actor import Actor
from sympolity.kit.bidi import clean_line, clean_text
from sympolity.kit.refusals import Refusal
from sympolity.languages import registry

__all__ = ["address", "language", "line", "once", "person_of", "text", "web"]

_TEXT = 10_000
_is_web = URLValidator(schemes=["https", "http"])


def line(value: str, limit: int, name: str, where: str, *, needed: bool = False) -> str:
    """One line of at most ``limit`` characters."""
    cleaned = clean_line(value[: limit * 4 + 1])
    if len(cleaned) > limit or len(value) > limit * 4:
        raise Refusal(f"{name}_too_long", where=where)
    if needed and not cleaned:
        raise Refusal(f"{name}_missing", where=where)
    return cleaned


def text(value: str, name: str, where: str) -> str:
    """Several lines."""
    if len(value) > _TEXT:
        raise Refusal(f"{name}_too_long", where=where)
    return clean_text(value)


def language(code: str, where: str) -> str:
    """A code of ours."""
    known = registry.canonical(code[:40])
    if known is None:
        raise Refusal("unknown_language", where=where)
    return known


def address(value: str, where: str, *, needed: bool = False) -> str:
    """An e-mail address in small letters."""
    cleaned = line(value, 254, "email", where, needed=needed).lower()
    if cleaned:
        try:
            validate_email(cleaned)
        except ValidationError as error:
            raise Refusal("email_wrong", where=where) from error
    return cleaned


def web(value: str, where: str) -> str:
    """An https or http address."""
    cleaned = line(value, 200, "url", where)
    if cleaned:
        try:
            _is_web(cleaned)
        except (ValidationError, ValueError) as error:
            raise Refusal("url_wrong", where=where) from error
    return cleaned


def person_of(actor: Actor) -> UUID:
    """Who acts; Refusal for the public and for the system."""
    if actor.person is None:
        raise Refusal("not_signed_in")
    return actor.person


def once(ids: Iterable[UUID | str]) -> None:
    """No id stands twice in a list."""
    seen: set[UUID | str] = set()
    for one in ids:
        if one in seen:
            raise Refusal("twice", where=str(one))
        seen.add(one)
