"""The demo network as tests see it: its persons, and what Find gives them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from django.test import Client

from sympolity.kit.actor import PUBLIC, Actor
from sympolity.ops.demo.loader import demo_id
from sympolity.people.acting import actor_for
from sympolity.people.models import Person
from sympolity.portal import site
from tests.reader import HOST, Reader

# persona -> address in people.toml; None = somebody without an account
PERSONAS: dict[str, str | None] = {
    "public": None,
    "editor": "eleni@fanari.example",
    "editor of a pending organization": "sofia@open-bench.example",
    "member": "alexis@ergalio.example",
    "curator of two cities": "dimitris@centre-athens.example",
    "curator": "katerina@centre-athens.example",
    "administrator": "admin@centre-athens.example",
}


@dataclass(frozen=True)
class Network:
    """The loaded demo and the folder of its index."""

    root: Path

    def service(self, key: str) -> UUID:
        return demo_id("service", key)

    def actor(self, persona: str) -> Actor:
        address = PERSONAS[persona]
        return actor_for(Person.objects.get(email=address).id) if address else PUBLIC

    def reader(self, persona: str = "public") -> Reader:
        """A strict reader who is this persona."""
        client = Client(HTTP_HOST=HOST)
        address = PERSONAS[persona]
        if address:
            client.force_login(Person.objects.get(email=address))
        return Reader(client, signed_in=bool(address))

    def ids(self, persona: str = "public", lang: str = "en", **asked: Any) -> set[str]:
        """The ids that Find gives, paged through. No id comes twice."""
        client, page, found = self.reader(persona).client, 1, list[str]()
        while True:
            data = client.get(f"/{lang}/find.json", {**asked, "page": page}).json()
            found += [row["id"] for row in data["results"]]
            if page >= data["pages"]:
                break
            page += 1
        assert len(found) == len(set(found)) == data["total"]
        return set(found)


def point_reader(root: Path) -> None:
    """Let the pages of this process read another index."""
    site.READER.root = root
    site.READER.drop()
