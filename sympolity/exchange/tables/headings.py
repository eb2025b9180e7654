"""What a heading says that its column holds: words of four languages, and HXL tags."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources

from sympolity.kit.fold import fold, words
from sympolity.languages import registry

__all__ = ["TARGETS", "Heading", "Target", "read", "target_of"]

_HXL = re.compile(r"^#\s*\w")
_LANGUAGE = re.compile(r"^(?P<base>.*?)\s*(?:[\[(/_:-]\s*|\s)(?P<lang>[^\W\d_]+(?:-[A-Za-z]+)?)\s*[\])]?$")


@dataclass(frozen=True, slots=True)
class Target:
    """Where a column may go. ``text``: once for each language; ``several``: more than one column may go there."""

    name: str
    text: bool
    several: bool


@dataclass(frozen=True, slots=True)
class Heading:
    """What a heading was read as. ``sure``: its whole text is known, nothing had to be left aside."""

    target: str
    lang: str = ""
    sure: bool = True


# Those without words of their own are for mappings that people write.
_QUIET = {
    "place_name": Target("place_name", text=True, several=False),
    "cost_note": Target("cost_note", text=True, several=False),
    "referral": Target("referral", text=True, several=False),
    "direct_line": Target("direct_line", text=False, several=False),
    "nationality": Target("nationality", text=False, several=False),
    "organization_id": Target("organization_id", text=False, several=False),
    "lift": Target("lift", text=False, several=False),
    "toilet": Target("toilet", text=False, several=False),
}


@cache
def _rows() -> dict[str, dict[str, object]]:
    text = resources.files(__package__).joinpath("headings.toml").read_text(encoding="utf-8")
    found: dict[str, dict[str, object]] = tomllib.loads(text)["target"]
    return found


@cache
def _targets() -> dict[str, Target]:
    told = {name: Target(name, bool(row.get("text")), bool(row.get("several"))) for name, row in _rows().items()}
    return told | _QUIET


TARGETS = _targets()


@cache
def read() -> dict[str, str]:
    """Folded words of headings -> target; HXL tags keep their ``#``."""
    known: dict[str, str] = {}
    for name, row in _rows().items():
        for lang in ("en", "el", "ar", "fr"):
            said = row.get(lang, [])
            for heading in said if isinstance(said, list) else []:
                known.setdefault(_key(heading), name)
        tags = row.get("hxl", [])
        for tag in tags if isinstance(tags, list) else []:
            known.setdefault(_tag(tag)[0], name)
    known |= {_key(name): name for name in TARGETS}
    return known


def target_of(heading: str) -> Heading | None:
    """The target of a heading and its language, or None when its words are not known.

    ``Name (el)``, ``name_en``, ``Όνομα [ar]`` and ``#service+name+el`` name a language.
    """
    heading = heading.strip()[:200]
    if _HXL.match(heading):
        return _of_tag(heading)
    known = read()
    if _key(heading) in known:
        return Heading(known[_key(heading)])
    match = _LANGUAGE.match(heading)
    if match is None:
        return None
    lang = _language(match["lang"])
    target = known.get(_key(match["base"]))
    if target is None:
        return None
    if lang and TARGETS[target].text:
        return Heading(target, lang)
    # "Phone (office)": what stands in brackets is left aside, and that is not sure.
    return Heading(target, sure=False) if heading.endswith((")", "]")) else None


def _key(heading: str) -> str:
    return " ".join(words(heading.replace("-", "").replace(".", "")))


def _tag(tag: str) -> tuple[str, str]:
    """A tag with its attributes in order, without the language; and the language."""
    name, *attributes = tag.replace(" ", "").lower().split("+")
    lang = next((one for one in attributes if len(one) == 2 and registry.canonical(one)), "")
    return "+".join([name, *sorted(one for one in attributes if one not in {lang, "list"})]), lang


def _of_tag(heading: str) -> Heading | None:
    # Exactly, but for a language: an acronym (#org+acronym) is no name.
    tag, lang = _tag(heading)
    target = read().get(tag)
    if target is None:
        return None
    return Heading(target, (registry.canonical(lang) or "") if TARGETS[target].text else "")


@cache
def _names() -> dict[str, str]:
    found: dict[str, str] = {}
    for row in registry.LANGUAGES.values():
        found |= {fold(row.name): row.code, fold(row.english): row.code}
    greek = {"ελληνικα": "el", "αγγλικα": "en", "αραβικα": "ar", "γαλλικα": "fr", "φαρσι": "fa"}
    arabic = {"العربيه": "ar", "الانجليزيه": "en", "اليونانيه": "el", "الفرنسيه": "fr", "الفارسيه": "fa"}
    return found | greek | arabic


def _language(word: str) -> str:
    """Our code for the language that a heading names by code or name, or ""."""
    return _names().get(fold(word), "") or (
        registry.canonical(word) or "" if 2 <= len(word.split("-", maxsplit=1)[0]) <= 3 else ""
    )
