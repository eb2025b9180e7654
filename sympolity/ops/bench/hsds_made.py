"""Made-up services in the full shape of HSDS 3, the same for the same seed, in five languages and of natural length."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

from sympolity.ops.bench.words import SCRIPTS, Lexicon, vocabulary_size
from sympolity.places import facts as places

__all__ = ["questions", "records", "write"]

LANGUAGES = tuple(SCRIPTS)
EACH = 5  # services of an organization
TERMS = (
    "Legal Aid",
    "Food Pantry",
    "Emergency Shelter",
    "Language Classes",
    "Medical Care",
    "Job Training",
    "Counseling",
)


def write(path: Path, services: int, *, seed: int) -> None:
    """A file of one object per line (ndjson)."""
    with path.open("w", encoding="utf-8") as out:
        for row in records(services, seed=seed):
            out.write(json.dumps(row, ensure_ascii=False) + "\n")


def records(services: int, *, seed: int) -> Iterator[dict[str, Any]]:
    """One service after the other with its organization, place, hours, phone, languages, documents and terms."""
    rng = Random(seed)  # noqa: S311 figures that can be repeated
    lexicon = Lexicon(rng, vocabulary_size(services))
    cities = [area for area in places.load() if area.kind == "municipality" and area.lat is not None]
    organizations = [_organization(rng, lexicon, number) for number in range(max(1, services // EACH))]
    for number in range(services):
        yield _service(rng, lexicon, number, organizations[number % len(organizations)], rng.choice(cities))


def _text(lexicon: Lexicon, rng: Random, lang: str, length: int) -> str:
    return " ".join(rng.choices(lexicon.words[lang], cum_weights=lexicon.weights, k=length))


def _id(rng: Random) -> str:
    return str(UUID(int=rng.getrandbits(128), version=4))


def _organization(rng: Random, lexicon: Lexicon, number: int) -> dict[str, Any]:
    return {
        "id": _id(rng),
        "name": f"{_text(lexicon, rng, 'en', 3).title()} {_letters(number)}",
        "description": _text(lexicon, rng, "en", 20).capitalize(),
        "email": f"office@org-{number}.example",
        "website": f"https://org-{number}.example/",
    }


def _letters(number: int) -> str:
    """A number in letters: names must differ, and digits in them would be taken for phones."""
    return "".join(chr(ord("a") + int(digit)) for digit in str(number)).upper()


def _service(
    rng: Random, lexicon: Lexicon, number: int, organization: dict[str, Any], city: places.AreaFact
) -> dict[str, Any]:
    lang = LANGUAGES[number % len(LANGUAGES)]

    def said(length: int) -> str:
        return _text(lexicon, rng, lang, length).capitalize()

    return {
        "id": _id(rng),
        "name": f"{said(4)} {lexicon.words[lang][number % len(lexicon.words[lang])]}",
        "description": "\n\n".join(said(rng.randint(25, 60)) for _ in range(2)),
        "url": f"https://org-{number}.example/service/",
        "email": f"service@org-{number}.example",
        "status": "active",
        "application_process": said(12),
        "fees_description": said(5),
        "eligibility_description": said(15),
        "minimum_age": 18 if number % 3 else None,
        "last_modified": "2026-03-15T10:30:45.000Z",
        "organization": organization,
        "phones": [{"id": _id(rng), "number": f"210 {5_000_000 + number:07d}", "type": "voice"}],
        "languages": [{"id": _id(rng), "code": code} for code in rng.sample(("el", "en", "ar", "fa", "fr", "ur"), 3)],
        "schedules": [_schedule(rng)],
        "required_documents": [{"id": _id(rng), "document": said(2)} for _ in range(rng.randint(0, 2))],
        "attributes": [_attribute(rng)],
        "service_at_locations": [{"id": _id(rng), "location": _location(rng, lexicon, lang, city)}],
    }


def _schedule(rng: Random) -> dict[str, Any]:
    return {
        "id": _id(rng), "freq": "WEEKLY", "wkst": "MO", "byday": rng.choice(("MO,TU,WE,TH,FR", "MO,WE,FR", "TU,TH")),
        "opens_at": f"{rng.randint(8, 10):02d}:00", "closes_at": f"{rng.randint(14, 18):02d}:00",
    }  # fmt: skip


def _attribute(rng: Random) -> dict[str, Any]:
    return {
        "id": _id(rng), "link_type": "service", "link_entity": "service",
        "taxonomy_term": {"id": _id(rng), "code": "", "name": rng.choice(TERMS), "taxonomy": "Open Eligibility"},
    }  # fmt: skip


def _location(rng: Random, lexicon: Lexicon, lang: str, city: places.AreaFact) -> dict[str, Any]:
    return {
        "id": _id(rng),
        "location_type": "physical",
        "name": _text(lexicon, rng, lang, 2).capitalize(),
        "latitude": round(rng.gauss(city.lat or 0.0, 0.02), 5),
        "longitude": round(rng.gauss(city.lon or 0.0, 0.02), 5),
        "addresses": [{
            "id": _id(rng), "address_1": f"{_text(lexicon, rng, lang, 1).capitalize()} {rng.randint(1, 99)}",
            "city": city.slug.title(), "postal_code": "104 34", "country": "GR", "address_type": "physical",
        }],
    }  # fmt: skip


def questions(path: Path, count: int = 200) -> list[str]:
    """Words to ask for, out of the names in a file of :func:`write`."""
    found: list[str] = []
    with path.open(encoding="utf-8") as rows:
        for row in islice(rows, count):
            found += json.loads(row)["name"].lower().split()[:1]
    return found
