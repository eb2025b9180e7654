"""The network of the demo: real municipalities and partners as documented, invented statements.

Facts about real organizations stand here without any contact of theirs.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

from sympolity.kit.actor import SYSTEM
from sympolity.network import actions as network
from sympolity.network.enums import AccessionState, AgreementState
from sympolity.ops.demo.ids import DRAFTED, demo_id
from sympolity.people import actions as people
from sympolity.people.enums import OrganizationState, StatementState
from sympolity.people.models import Organization, Statement
from sympolity.places.facts import area_id

__all__ = ["load", "others_exist"]

FILE = Path(__file__).with_name("network.toml")


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


def others_exist() -> bool:
    """Does a real organization stand here beside those that this file brings?"""
    own = [_organization_id(row["key"]) for row in _data()["organization"]]
    return Organization.objects.filter(example=False).exclude(id__in=own).exists()


def load(day: date) -> int:
    """Organizations, network, agreements, accessions, statements; the number of organizations new
    or changed. ``day``: that of the first load. A second load changes nothing."""
    moved = people.register_organizations(actor=SYSTEM, items=[_organization(row) for row in _data()["organization"]])
    network.record_networks(actor=SYSTEM, items=[_network(row) for row in _data()["network"]])
    network.record_agreements(actor=SYSTEM, items=[_agreement(row, at) for at, row in enumerate(_data()["agreement"])])
    network.record_accessions(actor=SYSTEM, items=[_accession(row) for row in _data()["accession"]])
    _statements(day)
    return len(moved)


def _organization_id(key: str) -> UUID:
    return demo_id("organization", key)


def _source(row: Mapping[str, Any], name: str) -> str:
    said: Mapping[str, str] = row.get(name, {})
    return said.get(row.get("lang", "el"), "")


def _organization(row: Mapping[str, Any]) -> people.OrganizationItem:
    return people.OrganizationItem(
        id=_organization_id(row["key"]), kind=row["kind"], status=OrganizationState.APPROVED, lang="el",
        name=_source(row, "name"), description=_source(row, "description"), area=area_id(row["area"]), example=False,
        texts={"name": row["name"], "description": row.get("description", {})}, provenance=DRAFTED,
    )  # fmt: skip


def _network(row: Mapping[str, Any]) -> network.NetworkItem:
    fields = ("name", "short", "description")
    words: dict[str, Any] = {name: _source(row, name) for name in fields}
    return network.NetworkItem(
        id=demo_id("network", row["key"]), slug=row["slug"], lang=row["lang"],
        **words, texts={name: row[name] for name in fields}, provenance=DRAFTED,
    )  # fmt: skip


def _agreement(row: Mapping[str, Any], position: int) -> network.AgreementItem:
    fields = ("title", "body", "flows_out", "flows_in")
    words: dict[str, Any] = {name: _source(row, name) for name in fields}
    return network.AgreementItem(
        id=demo_id("agreement", row["key"]), kind=row["kind"], lang=row["lang"], position=position,
        network=demo_id("network", row["network"]) if "network" in row else None, status=AgreementState.IN_FORCE,
        since=row.get("since"), precision=row.get("precision", "unknown"), source=row["source"],
        **words, texts={name: row[name] for name in fields if name in row}, provenance=DRAFTED,
        parties=[
            network.PartyItem(organization=_organization_id(one["organization"]), role=one["role"])
            for one in row["parties"]
        ],
    )  # fmt: skip


def _accession(row: Mapping[str, Any]) -> network.AccessionItem:
    return network.AccessionItem(
        id=demo_id("accession", f"{row['agreement']}/{row['member']}"), agreement=demo_id("agreement", row["agreement"]),
        organization=_organization_id(f"municipality-{row['member']}"), status=AccessionState.IN_FORCE,
        since=row.get("since"), precision=row["precision"], source=row["source"],
    )  # fmt: skip


def _statements(day: date) -> None:
    """Record and publish; what somebody withdrew since stays withdrawn."""
    items = [
        people.StatementItem(
            id=demo_id("statement", row["key"]), organization=_organization_id(row["organization"]), lang=row["lang"],
            body=_source(row, "body"), said_by=_source(row, "said_by"), position=place, example=True,
            consent_on=day - timedelta(days=row["consent_ago"]), texts={"body": row["body"], "said_by": row["said_by"]},
            provenance=DRAFTED,
        )
        for place, row in enumerate(_data()["statement"])
    ]  # fmt: skip
    people.record_statements(actor=SYSTEM, items=items)
    drafts = Statement.objects.filter(id__in=[item.id for item in items if item.id], status=StatementState.DRAFT)
    people.publish_statements(actor=SYSTEM, ids=list(drafts.values_list("id", flat=True)))
