"""The words of a question as one clause: any form of each word, corrected where a word finds nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import tantivy

from sympolity.search import analyzer, counting, few, vocabulary
from sympolity.search.clauses import RARE, SPARSE, Asked, Occur, Q, any_of, free, term
from sympolity.search.snapshot import Snapshot

__all__ = ["Reading", "read", "suggested"]

LANGUAGE_BOOST = 0.15
COMMON = 5000  # documents
KNOWN = 200  # documents; a word in more is taken as known without looking who may see them


@dataclass(frozen=True, slots=True)
class Reading:
    """How the words of a question were taken. ``corrected``: to which words; ``relaxed``: not all of them had to fit;
    ``few``: what they find, where that is little."""

    corrected: str = ""
    relaxed: bool = False
    few: few.Few | None = None


def _word(snapshot: Snapshot, vocab: vocabulary.Vocabulary, word: analyzer.Word) -> tantivy.Query:
    """One word of the question: any of its forms; the last one may be unfinished."""
    forms = [(token, weight, snapshot.searcher.doc_freq("t", token)) for token, weight in word.alternatives]
    exact = [form for form in forms if not form[0].startswith("^")]
    whole = exact[0][2] if exact else 0
    # Whatever holds the word holds its stems: a stem that is no more frequent adds nothing.
    parts = [_weighted(token, weight) for token, weight, count in exact if count > whole or token == word.text]
    if word.prefix:
        parts += [_weighted(other, 0.6) for other in vocab.beginning(word.text, 6) if other != word.text]
    if not any(count for _, _, count in exact):  # Greeklish keys only where the words themselves find nothing
        parts += [_weighted(token, weight) for token, weight, count in forms if count and token.startswith("^")]
    return parts[0] if len(parts) == 1 else Q.disjunction_max_query(parts, 0.1)


def _weighted(token: str, weight: float) -> tantivy.Query:
    return term("t", token) if weight == 1.0 else Q.boost_query(term("t", token), weight)


def _is_known(asked: Asked, word: analyzer.Word) -> bool:
    """Whether a word stands in anything that the actor may see.

    Not only in the index: what is corrected or suggested would tell the words of hidden things.
    """
    freq = {token: asked.snapshot.searcher.doc_freq("t", token) for token, _ in word.alternatives}
    if max(freq.values()) > KNOWN:
        return True
    return any(freq.values()) and asked.finds(any_of("t", [token for token, count in freq.items() if count]))


def _lost(asked: Asked, vocab: vocabulary.Vocabulary, subject: Iterable[analyzer.Word]) -> set[str]:
    """The words that find nothing, neither whole nor as the beginning of one."""

    def begins(word: analyzer.Word) -> bool:
        return word.prefix and asked.finds(any_of("t", vocab.beginning(word.text, 6)))

    return {word.text for word in subject if not _is_known(asked, word) and not begins(word)}


def _nearest(asked: Asked, vocab: vocabulary.Vocabulary, text: str) -> str:
    """The likeliest word that the actor finds something with, "" when there is none: costly, so it is remembered."""
    key = ("nearest", text, asked.keys, asked.today)
    found: str = asked.snapshot.kept.of(key, lambda: vocab.nearest(text, lambda other: asked.finds(term("t", other))))
    return found


def _boost(asked: Asked, subject: Iterable[analyzer.Word]) -> list[tuple[Any, tantivy.Query]]:
    """A light weight for the reader's language; none for words of many documents, where it would cost as much as they."""
    freq = asked.snapshot.searcher.doc_freq
    if min(freq("t", word.text) for word in subject) > COMMON:
        return []
    return [(Occur.Should, Q.const_score_query(term("x", f"l:{asked.lang}"), LANGUAGE_BOOST))]


def _is_rare(asked: Asked, vocab: vocabulary.Vocabulary, subject: Iterable[analyzer.Word]) -> bool:
    """Whether so few documents hold one of the words, in any form, that they are soon looked through."""
    freq = asked.snapshot.searcher.doc_freq

    def most(word: analyzer.Word) -> int:
        begun = vocab.beginning(word.text, 6) if word.prefix else []
        return sum(freq("t", token) for token in (*begun, *(token for token, _ in word.alternatives)))

    return any(most(word) <= (SPARSE if asked.radius else RARE) for word in subject)


def read(asked: Asked, vocab: vocabulary.Vocabulary) -> Reading:
    """Give ``asked`` its text clause."""
    parsed = analyzer.parse(asked.query.q)
    subject = parsed.subject
    if not subject:
        if asked.query.q.strip():
            asked.words = Q.empty_query()  # signs only: nothing can be found by them
        return Reading()
    found = None if asked.query.meant else _few(asked, vocab, subject)
    if found and found.total:
        return Reading(few=found)  # so all words are known
    corrected = ""
    better = {text: _nearest(asked, vocab, text) for text in _lost(asked, vocab, subject)}
    if any(better.values()):
        corrected = " ".join(better.get(word.text) or word.text for word in parsed.words)
        subject = analyzer.parse(f"{corrected} ").subject
    clauses = [_word(asked.snapshot, vocab, word) for word in subject]
    if asked.query.meant:  # the words are a known name of something: the same answer in every language
        meant = (Occur.Must, free(term("f", asked.query.meant)))
        if asked.finds(Q.boolean_query([meant])):
            asked.words = Q.boolean_query([meant, *((Occur.Should, clause) for clause in clauses)])
            return Reading()
    if corrected or asked.query.meant:
        found = _few(asked, vocab, subject)
    if found and (found.total or len(clauses) == 1):
        return Reading(corrected, few=found)
    return Reading(corrected, relaxed=_all_or_some(asked, clauses, _boost(asked, subject)))


def _few(asked: Asked, vocab: vocabulary.Vocabulary, subject: Sequence[analyzer.Word]) -> few.Few | None:
    """What all the words find, where one of them is rare."""
    if not _is_rare(asked, vocab, subject):
        return None
    clauses = [_word(asked.snapshot, vocab, word) for word in subject]
    asked.words = clauses[0] if len(clauses) == 1 else Q.boolean_query([(Occur.Must, clause) for clause in clauses])
    return few.found(asked, asked.words, LANGUAGE_BOOST)


def _all_or_some(asked: Asked, clauses: Sequence[tantivy.Query], boost: list[tuple[Any, tantivy.Query]]) -> bool:
    """All words have to fit; any of them where that finds nothing, whatever the filters: then True."""
    must = [(Occur.Must, clause) for clause in clauses]
    asked.words = clauses[0] if len(must) == 1 and not boost else Q.boolean_query([*must, *boost])
    # The tally is needed anyway and tells it mostly.
    if len(clauses) == 1 or counting.tally(asked).total or asked.finds(asked.words):
        return False
    some = Q.boolean_query([(Occur.Should, clause) for clause in clauses])
    asked.words = Q.boolean_query([(Occur.Must, some), *boost])
    return True


def suggested(asked: Asked, vocab: vocabulary.Vocabulary) -> list[str]:
    """Words that begin like the last of a question that found nothing, and that find something."""
    begun = analyzer.parse(asked.query.q).folded.split(" ")[-1][:4]
    return [word for word in vocab.beginning(begun, 12) if asked.finds(term("t", word))][:6]
