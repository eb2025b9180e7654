"""Every field of every noun says what it holds, or the build fails."""

from __future__ import annotations

from django.apps import apps
from django.db.models import CharField, Model, TextField

from sympolity.kit.nouns import Privacy, all_nouns

# Models that no one points at: rows of a noun, bookkeeping, and the trail itself.
NOT_NOUNS: set[str] = {
    "trail.Entry",
    "trail.EntryDetail",
    "trail.Cursor",
    "trail.Lease",
    "languages.Text",
}


def _fields(model: type[Model]) -> set[str]:
    """Columns, and links to many: which areas an affiliation reaches is a field like any other."""
    return {field.name for field in model._meta.concrete_fields} | {field.name for field in model._meta.many_to_many}


def _models() -> list[type[Model]]:
    return [model for model in apps.get_models() if model.__module__.startswith("sympolity.")]


def _parts(model: type[Model]) -> bool:
    """Rows that live and go with a noun: no identity of their own (no UUID)."""
    return model._meta.pk.get_internal_type() != "UUIDField"


def test_nouns_are_registered() -> None:
    assert {"organization", "service"} <= {noun.name for noun in all_nouns()}


def test_every_field_of_a_noun_declares_a_privacy_class() -> None:
    undeclared = {f"{noun.name}.{name}" for noun in all_nouns() for name in _fields(noun.model) - set(noun.privacy)}
    invented = {f"{noun.name}.{name}" for noun in all_nouns() for name in set(noun.privacy) - _fields(noun.model)}
    assert (undeclared, invented) == (set(), set())
    assert {type(privacy) for noun in all_nouns() for privacy in noun.privacy.values()} == {Privacy}


def test_text_fields_are_columns_beside_their_language() -> None:
    for noun in all_nouns():
        for name in noun.text_fields:
            assert isinstance(noun.model._meta.get_field(name), CharField | TextField), f"{noun.name}.{name}"
        assert not noun.text_fields or "lang" in _fields(noun.model), noun.name


def test_a_page_has_a_gate() -> None:
    pages = [noun for noun in all_nouns() if noun.path]
    assert [noun.name for noun in pages if noun.visible_to is None] == []
    assert [noun.name for noun in pages if "{id}" not in noun.path] == []


def test_every_thing_with_an_identity_is_a_noun() -> None:
    known = {noun.model._meta.label for noun in all_nouns()}
    assert {model._meta.label for model in _models() if not _parts(model)} - known - NOT_NOUNS == set()


def test_personal_columns_are_personal() -> None:
    """Names of columns that hold a person's address or device never count as public."""
    telling = {"ip", "ip_address", "user_agent", "email_of_person"}
    for noun in all_nouns():
        assert {name for name in telling & set(noun.privacy) if noun.privacy[name] is Privacy.PUBLIC} == set()
