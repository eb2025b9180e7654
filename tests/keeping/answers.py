"""What Find answers in an installation, by its index and by a fresh one of its tables.

``python -m tests.keeping.answers FOLDER WORDS …`` prints both as JSON; the fresh index is made in FOLDER.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sympolity.project.settings")

import django

django.setup()

from django.conf import settings  # noqa: E402

from sympolity.directory import rules  # noqa: E402
from sympolity.kit.actor import PUBLIC, SYSTEM  # noqa: E402
from sympolity.search import engine, store  # noqa: E402
from sympolity.search.indexer import Indexer  # noqa: E402
from sympolity.search.query import FindQuery  # noqa: E402


def answers(root: Path, asked: list[str]) -> list[Any]:
    """Results by key: how rare a word is, and so the order of near equals, counts documents that were replaced."""
    reader, told = store.Reader(root), []
    for words in asked:
        for actor in (PUBLIC, SYSTEM):
            found = engine.answer(reader, FindQuery(q=words), keys=rules.keys(actor), lang="el", limit=500)
            told.append([words, found.total, found.facets, {hit.key: [hit.card, hit.state] for hit in found.hits}])
    return told


def main() -> None:
    folder, asked = Path(sys.argv[1]), sys.argv[2:]
    Indexer(folder).rebuild()
    json.dump([answers(settings.INDEX_ROOT, asked), answers(folder, asked)], sys.stdout)


if __name__ == "__main__":
    main()
