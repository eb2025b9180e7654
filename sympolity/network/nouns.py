"""The nouns of the room as the registry knows them, with the privacy class of every field."""

from __future__ import annotations

from sympolity.kit.nouns import Noun, Privacy, register
from sympolity.network import models, queries

__all__ = ["register_all"]

_NETWORK = {
    "id": Privacy.PUBLIC,
    "slug": Privacy.PUBLIC,
    "lang": Privacy.PUBLIC,
    "name": Privacy.PUBLIC,
    "short": Privacy.PUBLIC,
    "description": Privacy.PUBLIC,
    "url": Privacy.PUBLIC,
    "example": Privacy.PUBLIC,
    "position": Privacy.PUBLIC,
    "created_at": Privacy.PUBLIC,
    "updated_at": Privacy.PUBLIC,
}
_AGREEMENT = {
    "id": Privacy.PUBLIC,
    "network": Privacy.PUBLIC,
    "kind": Privacy.PUBLIC,
    "status": Privacy.PUBLIC,
    "lang": Privacy.PUBLIC,
    "title": Privacy.PUBLIC,
    "body": Privacy.PUBLIC,
    "flows_out": Privacy.PUBLIC,
    "flows_in": Privacy.PUBLIC,
    "since": Privacy.PUBLIC,
    "precision": Privacy.PUBLIC,
    "until": Privacy.PUBLIC,
    "source": Privacy.PUBLIC,
    "exchange": Privacy.PUBLIC,
    "position": Privacy.PUBLIC,
    "created_at": Privacy.PUBLIC,
    "updated_at": Privacy.PUBLIC,
}
_ACCESSION = {
    "id": Privacy.PUBLIC,
    "agreement": Privacy.PUBLIC,
    "organization": Privacy.PUBLIC,
    "status": Privacy.PUBLIC,  # on its way: only by the gate
    "since": Privacy.PUBLIC,
    "precision": Privacy.PUBLIC,
    "until": Privacy.PUBLIC,
    "noted_on": Privacy.PUBLIC,
    "source": Privacy.PUBLIC,
    "created_at": Privacy.PUBLIC,
    "updated_at": Privacy.PUBLIC,
}


def register_all() -> None:
    """Register network, agreement and accession."""
    register(
        Noun(
            "network", models.Network, _NETWORK,
            visible_to=queries.networks_visible_to, text_fields=("name", "short", "description"),
        )
    )  # fmt: skip
    register(
        Noun(
            "agreement", models.Agreement, _AGREEMENT,
            visible_to=queries.agreements_visible_to, text_fields=("title", "body", "flows_out", "flows_in"),
        )
    )  # fmt: skip
    register(Noun("accession", models.Accession, _ACCESSION, visible_to=queries.accessions_visible_to))
