"""What people ask, in classes: seeded, all distinct, over the network that was made."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from random import Random

from sympolity.kit.translit import skeleton
from sympolity.ops.bench.network import SPOKEN, Network
from sympolity.ops.bench.words import misspelt
from sympolity.search import analyzer
from sympolity.search.query import FindQuery

__all__ = ["CLASSES", "Question", "questions"]

PER_CLASS = 130  # × 8 classes: 1,040 distinct questions
LANGUAGES = ("en", "el", "ar")


@dataclass(frozen=True, slots=True)
class Question:
    """A question with the reader's language and the bare term that it is compared with (field, token)."""

    kind: str
    query: FindQuery
    lang: str
    bare: tuple[str, str]

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """The words of its address."""
        return self.query.pairs()


def _text(kind: str, words: str, lang: str, word: str = "") -> Question:
    return Question(kind, FindQuery(q=words), lang, ("t", analyzer.tokens(word or words)[0]))


def _broad(rng: Random, network: Network) -> Question:
    """Words that stand in every text of a language and often beside each other."""
    lang = rng.choice(LANGUAGES)
    first, second = (network.lexicon.frequent(rng, lang, 0.0, 0.35) for _ in range(2))
    return _text("broad text", f"{first} {second} ", lang, first)


def _narrow(rng: Random, network: Network) -> Question:
    lang = rng.choice(LANGUAGES)
    return _text("narrow text", f"{network.lexicon.ranked(rng, lang, 0.5, 1.0)} ", lang)


def _need_city(rng: Random, network: Network) -> Question:
    need, lang = rng.choice(network.needs)["slug"], rng.choice(LANGUAGES)
    return Question(
        "need + city", FindQuery(chosen={"need": (need,), "in": (network.city(rng).slug,)}), lang, ("f", f"need:{need}")
    )


def _box(rng: Random, network: Network) -> Question:
    """A broad word within some kilometres of a place, and two filters."""
    lang, speaks = rng.choice(LANGUAGES), rng.choice(SPOKEN[:4])
    word = network.lexicon.frequent(rng, lang, 0.0, 0.25)
    near = network.point_near(rng, network.city(rng))
    query = FindQuery(
        q=f"{word} ", chosen={"speaks": (speaks,), "cost": ("free",)},
        near=(round(near[0], 4), round(near[1], 4)), within=rng.choice((5.0, 20.0, 60.0)),
    )  # fmt: skip
    return Question("broad + within + 2 facets", query, lang, ("t", analyzer.tokens(word)[0]))


def _open(rng: Random, network: Network) -> Question:
    speaks = tuple(sorted(rng.sample(SPOKEN, 2)))
    query = FindQuery(chosen={"in": (network.city(rng).slug,), "speaks": speaks}, open_now=True)
    return Question("open now", query, rng.choice(LANGUAGES), ("f", f"speaks:{speaks[0]}"))


def _prefix(rng: Random, network: Network) -> Question:
    lang = rng.choice(LANGUAGES)
    word = network.lexicon.frequent(rng, lang, 0.1, 0.8)
    return _text("prefix", word[: max(3, len(word) - 2)], lang, word)


def _misspelt(rng: Random, network: Network) -> Question:
    lang = rng.choice(LANGUAGES)
    word = next(word for word in iter(lambda: network.lexicon.frequent(rng, lang, 0.1, 0.9), "") if len(word) > 4)
    return _text("misspelt", f"{misspelt(rng, word)} ", lang, word)


def _greeklish(rng: Random, network: Network) -> Question:
    word = network.lexicon.frequent(rng, "el", 0.1, 0.9)
    return _text("Greeklish", f"{skeleton(word)} ", "en", word)


CLASSES: Mapping[str, Callable[[Random, Network], Question]] = {
    "broad text": _broad,
    "narrow text": _narrow,
    "need + city": _need_city,
    "broad + within + 2 facets": _box,
    "open now": _open,
    "prefix": _prefix,
    "misspelt": _misspelt,
    "Greeklish": _greeklish,
}
_TRIES = 200


def questions(network: Network, *, per_class: int = PER_CLASS) -> dict[str, list[Question]]:
    """Distinct questions of each class; fewer where a small network has no more of them."""
    found: dict[str, list[Question]] = {}
    seen: set[tuple[str, ...]] = set()
    for kind, make in CLASSES.items():
        rng = Random(f"{network.seed} {kind}")  # noqa: S311 figures that can be repeated
        mine = found.setdefault(kind, [])
        for _ in range(per_class * _TRIES):
            if len(mine) == per_class:
                break
            question = make(rng, network)
            address = tuple(f"{name}={value}" for name, value in question.pairs)
            if address not in seen:
                seen.add(address)
                mine.append(replace(question, kind=kind))
    return found
