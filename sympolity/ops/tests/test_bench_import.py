"""The benchmark of imports: the same services for the same seed, and figures that say what was measured."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random

from sympolity.exchange import formats
from sympolity.exchange.formats.shape import Page
from sympolity.exchange.screening import held_in
from sympolity.exchange.surveying import survey
from sympolity.ops.bench import hsds_made, importing

FIGURES = {
    "commit": "abc", "cores": 2, "load_before": 0.1, "load_after": 1.5, "seed": 1, "services": 1000, "file_mb": 3.3,
    "seconds": 10.0, "cpu_seconds": 8.0, "per_second": 100.0, "created": 1000, "actions": 50,
    "lock_ms": {"p50": 90.0, "p99": 200.0, "most": 210.0}, "peak_mb": {10: 90.0, 50: 91.0, 100: 92.0}, "findable_s": 1.2,
    "find_ms": {
        "before": {"asked": 100, "p50": 5.0, "p99": 9.0}, "during": {"asked": 100, "p50": 8.0, "p99": 20.0},
        "after": {"asked": 100, "p50": 6.0, "p99": 10.0},
    }, "no_answer": 0,
}  # fmt: skip


def test_the_made_up_services_are_the_same_for_a_seed_and_all_can_be_taken(tmp_path: Path) -> None:
    first, again, other = (list(hsds_made.records(60, seed=seed)) for seed in (1, 1, 2))
    assert first == again
    assert first[0]["name"] != other[0]["name"]
    assert len({row["id"] for row in first}) == len({row["name"] for row in first}) == 60
    hsds_made.write(tmp_path / "made.ndjson", 60, seed=1)
    form = formats.get("hsds")
    assert survey(form, [tmp_path / "made.ndjson"]).records == 60
    mapped = [form.map_record(record.value, None).data for record in form.read([tmp_path / "made.ndjson"], Page())]
    assert {row["service"]["lang"] for row in mapped} >= {"el", "en", "ar"}
    assert {held_in(row) for row in mapped} == {""}
    asked = hsds_made.questions(tmp_path / "made.ndjson")
    assert len(asked) == 60
    assert Random(1).choice(asked) in json.dumps(first, ensure_ascii=False).lower()


def test_the_figures_are_said_in_words() -> None:
    said = "\n".join(importing.lines(FIGURES))
    for part in ("10.0 s (8.0 s of CPU)", "most 210 ms", "90 MB, 91 MB, 92 MB", "2.0 × that after it", "1.2 s after"):
        assert part in said
