"""Foreign keys go down the stairs: strings in them escape the import linter."""

from __future__ import annotations

from collections.abc import Iterator

from django.apps import apps
from django.db.models import Model
from django.db.models.fields.related import RelatedField

from tests.house.staircase import PACKAGE, may_know, steps

# What libraries point at, by name: their tables belong to the sign-in of ``people``.
FROM_OUTSIDE = {"account.EmailAddress.user", "mfa.Authenticator.user", "usersessions.UserSession.user"}


def _room(model: type[Model]) -> str | None:
    parts = model.__module__.split(".")
    return parts[1] if parts[0] == "sympolity" else None


def _relations() -> Iterator[tuple[str, str | None, str | None]]:
    """(name, room that points, room pointed at) of every relation of every model."""
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.get_fields():
            if isinstance(field, RelatedField):
                target = field.remote_field.model
                yield f"{model._meta.label}.{field.name}", _room(model), _room(target)


def test_relations_of_our_rooms_go_down_the_stairs() -> None:
    upward = [
        f"{name}: {source} knows {target}"
        for name, source, target in _relations()
        if source and target and not may_know(source, target)
    ]
    assert upward == []


def test_our_rooms_point_at_no_library_table() -> None:
    foreign = {name for name, source, target in _relations() if source and not target}
    assert foreign == set()


def test_libraries_point_at_ours_only_where_named() -> None:
    pointing = {name for name, source, target in _relations() if not source and target}
    assert pointing <= FROM_OUTSIDE
    assert "account.EmailAddress.user" in pointing


def test_every_room_has_its_step_and_the_settings_know_it() -> None:
    folders = {path.name for path in PACKAGE.iterdir() if (path / "__init__.py").exists()}
    placed = [room for level in steps() for room in level]
    assert len(placed) == len(set(placed))
    assert folders - set(placed) == set()
    installed = {config.name.split(".")[1] for config in apps.get_app_configs() if config.name.startswith("sympolity.")}
    assert installed == folders - {"project", "kit"}


def test_the_stairs_are_those_of_the_design() -> None:
    bottom_up = [sorted(level) for level in reversed(steps())]
    assert bottom_up == [
        ["kit"],
        ["design"],
        ["trail"],
        ["languages"],
        ["media", "numbers", "places", "post", "search"],
        ["sharing"],
        ["people"],
        ["directory"],
        ["activities"],
        ["network"],
        ["governance"],
        ["needs"],
        ["knowledge"],
        ["advocacy"],
        ["calls", "newsroom"],
        ["exchange"],
        ["api", "desk", "portal"],
        ["ops"],
        ["project"],
    ]
