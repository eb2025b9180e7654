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

__all__ = ["BROAD", "CLASSES", "NARROW", "Question", "questions"]

LANGUAGES = ("en", "el", "ar", "fr", "fa")
READERS = ("en", "el", "ar")
TWO = frozenset({"need", "speaks"})
BROAD, NARROW = "broad + box + 2 facets", "narrow + box + 2 facets"


@dataclass(frozen=True, slots=True)
class Question:
    """A question with the reader's language and the bare term that it is compared with (field, token).

    ``counts``: the groups to be counted; None: all that the find page counts.
    """

    kind: str
    query: FindQuery
    lang: str
    bare: tuple[str, str]
    counts: frozenset[str] | None = None

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """The words of its address."""
        return self.query.pairs()


def _text(kind: str, words: str, lang: str, word: str = "") -> Question:
    reader = lang if lang in READERS else "en"
    return Question(kind, FindQuery(q=words), reader, ("t", analyzer.tokens(word or words)[0]))


def _broad_word(rng: Random, network: Network, most: float = 0.3) -> tuple[str, str]:
    """(language, a word that stands in many texts of it)."""
    lang = rng.choice(LANGUAGES)
    return lang, network.lexicon.frequent(rng, lang, 0.0, most)


def _boxed(rng: Random, network: Network, lang: str, word: str) -> Question:
    """A word within some kilometres of a place, with the counts of two groups."""
    near = network.point_near(rng, network.city(rng))
    query = FindQuery(q=f"{word} ", near=(round(near[0], 4), round(near[1], 4)), within=rng.choice((5.0, 20.0, 60.0)))
    reader = lang if lang in READERS else "en"
    return Question("", query, reader, ("t", analyzer.tokens(word)[0]), TWO)


def _broad_box(rng: Random, network: Network) -> Question:
    return _boxed(rng, network, *_broad_word(rng, network))


def _narrow_box(rng: Random, network: Network) -> Question:
    lang = rng.choice(LANGUAGES)
    return _boxed(rng, network, lang, network.lexicon.ranked(rng, lang, 0.5, 1.0))


def _broad(rng: Random, network: Network) -> Question:
    lang, first = _broad_word(rng, network)
    return _text("", f"{first} {network.lexicon.frequent(rng, lang, 0.0, 0.35)} ", lang, first)


def _narrow(rng: Random, network: Network) -> Question:
    lang = rng.choice(LANGUAGES)
    return _text("", f"{network.lexicon.ranked(rng, lang, 0.5, 1.0)} ", lang)


def _need_city(rng: Random, network: Network) -> Question:
    need, lang = rng.choice(network.needs)["slug"], rng.choice(READERS)
    return Question(
        "need + city", FindQuery(chosen={"need": (need,), "in": (network.city(rng).slug,)}), lang, ("f", f"need:{need}")
    )


def _chosen(rng: Random, network: Network) -> Question:
    """A broad word within some kilometres, two filters, and all counts."""
    question = _broad_box(rng, network)
    chosen = {"speaks": (rng.choice(SPOKEN[:4]),), "cost": ("free",)}
    return replace(question, query=replace(question.query, chosen=chosen), counts=None)


def _open(rng: Random, network: Network) -> Question:
    speaks = tuple(sorted(rng.sample(SPOKEN, 2)))
    query = FindQuery(chosen={"in": (network.city(rng).slug,), "speaks": speaks}, open_now=True)
    return Question("open now", query, rng.choice(READERS), ("f", f"speaks:{speaks[0]}"))


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
    BROAD: _broad_box,
    NARROW: _narrow_box,
    "broad, all counts": _broad,
    "narrow, all counts": _narrow,
    "broad + box + 2 chosen": _chosen,
    "need + city": _need_city,
    "open now": _open,
    "prefix": _prefix,
    "misspelt": _misspelt,
    "Greeklish": _greeklish,
}
_TRIES = 200


def questions(network: Network, *, per_class: int) -> dict[str, list[Question]]:
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
