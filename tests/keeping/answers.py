"""What Find answers in an installation: ``python -m tests.keeping.answers WORDS …`` prints JSON."""

from __future__ import annotations

import json
import os
import sys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sympolity.project.settings")

import django  # noqa: E402

django.setup()

from django.conf import settings  # noqa: E402

from sympolity.directory import rules  # noqa: E402
from sympolity.kit.actor import PUBLIC, SYSTEM  # noqa: E402
from sympolity.search import engine, store  # noqa: E402
from sympolity.search.query import FindQuery  # noqa: E402


def main() -> None:
    reader = store.Reader(settings.INDEX_ROOT)
    told = []
    for words in sys.argv[1:]:
        for actor in (PUBLIC, SYSTEM):
            found = engine.answer(reader, FindQuery(q=words), keys=rules.keys(actor), lang="el", limit=500)
            told.append([words, found.total, found.facets, [[hit.key, hit.card] for hit in found.hits]])
    json.dump(told, sys.stdout)


if __name__ == "__main__":
    main()
