"""What waits at the desk of the demo: an import whose preview is there, and records before a person."""

from __future__ import annotations

import json
import tempfile
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

from sympolity.exchange import carrying, formats, importing, runs, uploads
from sympolity.exchange.formats.shape import Options
from sympolity.exchange.models import ImportRun
from sympolity.exchange.tables import mapping
from sympolity.exchange.tables.reading import peek
from sympolity.kit.actor import SYSTEM
from sympolity.ops.demo.ids import demo_id

__all__ = ["load"]

_FILE = Path(__file__).parent / "desk.toml"
_HOLDER = "demo"


def load() -> None:
    """Bring both tables in; when they are there already, whatever became of them, nothing changes."""
    ours = demo_id("import", "example-list")
    if ImportRun.objects.filter(id=ours).exists():
        return
    data = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    _wait(data["waiting"])
    _preview(ours, data["preview"])


def _wait(said: Mapping[str, Any]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / said["name"]
        path.write_text(said["table"].lstrip(), encoding="utf-8")
        columns = mapping.dumped(_columns(path))
        form = formats.get("csv", Options(mapping=json.dumps(columns), language="el"))
        importing.run_import(form, [path], source=said["source"])


def _columns(path: Path) -> mapping.Mapping:
    seen = peek(path, kind="csv")
    guess = mapping.guess(seen.header, seen.tags)
    return mapping.Mapping(guess.columns, guess.constants, guess.words, "el", guess.whole)


def _preview(ours: UUID, said: Mapping[str, Any]) -> None:
    path = uploads.fresh()
    body = said["table"].lstrip().encode()
    path.write_bytes(body)
    file = uploads.Received(said["name"], path, len(body))
    runs.begin_runs(actor=SYSTEM, items=[runs.RunItem(ours, "csv", said["source"], [file])])
    _carry(ours)
    columns = mapping.loaded(json.dumps(ImportRun.objects.get(id=ours).peek["guess"]))
    columns = mapping.Mapping(columns.columns, columns.constants, columns.words, "el", columns.whole)
    runs.map_runs(actor=SYSTEM, said={ours: runs.Said(columns)})
    _carry(ours)


def _carry(ours: UUID) -> None:
    run = carrying.claim(_HOLDER, ours)
    if run is not None:
        carrying.carry_out(run, _HOLDER)
