"""The first load of the demo: completed when it was cut short, and left out where it is not wanted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from sympolity.kit.actor import SYSTEM
from sympolity.network import actions
from sympolity.ops import demo
from sympolity.ops.management.commands.serve import Command
from sympolity.people import actions as people
from sympolity.people.models import Organization, Statement
from sympolity.trail.models import Entry

pytestmark = pytest.mark.django_db


def test_a_first_load_that_was_cut_short_is_completed(
    settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.DATA, settings.DEMO = tmp_path, True
    with monkeypatch.context() as cut:
        cut.setattr(actions, "record_agreements", lambda **_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            Command()._load()
    assert Organization.objects.filter(example=False).exists()
    assert not demo.others_exist()
    Command()._load()
    assert Statement.objects.filter(status="published").count() == 4
    assert (tmp_path / "demo.loaded").exists()
    before = Entry.objects.count()
    call_command("demo", verbosity=0)
    assert Entry.objects.count() == before


@pytest.mark.parametrize("wanted", [False, True])
def test_no_demo_where_none_is_wanted_or_real_ones_stand(wanted: bool, settings: Any, tmp_path: Path) -> None:
    settings.DATA, settings.DEMO = tmp_path, wanted
    if wanted:
        item = people.OrganizationItem(kind="ngo", name="Real")
        people.register_organizations(actor=SYSTEM, items=[item])
        assert demo.others_exist()
    Command()._load()
    assert not Statement.objects.exists()
    assert Organization.objects.count() == wanted
