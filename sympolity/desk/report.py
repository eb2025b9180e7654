"""The report of a run, or its preview, as a page shows it."""

from __future__ import annotations

from typing import Any

from sympolity.desk import reasons
from sympolity.desk.words import OUTCOMES, field_name, needs
from sympolity.exchange.models import ImportRun
from sympolity.languages import registry

__all__ = ["field", "told"]

_SHOWN = 50  # lines of a list


def told(run: ImportRun) -> dict[str, Any]:
    """What the template needs; {} while there is no report."""
    data = run.report
    if not data:
        return {}
    lengths = data["lengths"]
    lists = ("refused", "waiting", "notes", "duplicates")
    return {
        "results": [(OUTCOMES[name], number, name) for name, number in data["results"].items() if name in OUTCOMES],
        "records": data["records"],
        "ended": data["ended"],
        "not_whole": data["endings_not_looked_at"],
        "many_endings": data.get("many_endings", False),
        "over": data["already_over"],
        "fallback": sum(data["other_help"].values()),
        "keys": [_key(row) for row in data["keys"]],
        "unknown": data["unknown_keys"],
        "examples": _examples(data.get("examples", [])),
        **{name: [_line(row) for row in data[name][:_SHOWN]] for name in lists},
        "more": {name: max(0, lengths[name] - _SHOWN) for name in lists},
    }


def _line(row: Any) -> Any:
    """A record with its place and reason in words; a line of notes stays as it is."""
    if not isinstance(row, dict):
        return row
    return {**row, "place": reasons.place(row["place"]), "reason": reasons.reason(row["reason"])}


def _key(row: dict[str, Any]) -> dict[str, Any]:
    home = str(row["home"])
    return {
        **row,
        "percent": round(100 * row["share"]),
        "homeless": home.startswith("no home") or home == "unknown key",
    }


def _examples(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """By outcome: the records with their fields in words."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        shown = {
            **_line(row),
            "dir": registry.direction(row["lang"]) if row["lang"] in registry.LANGUAGES else "auto",
            "fields": [field(*one) for one in row["fields"]],
            "stands": any(before for _, before, _, _ in row["fields"]),
        }
        groups.setdefault(row["outcome"], []).append(shown)
    return [{"outcome": name, "label": OUTCOMES[name], "rows": some} for name, some in groups.items()]


def field(path: str, before: str, after: str, lang: str) -> dict[str, str]:
    """A difference in words. ``lang``: of what is written, where it is words."""
    if path == "service.categories":
        before, after = needs(before), needs(after)
    known = lang if lang in registry.LANGUAGES else ""
    words = path.rsplit(".", 1)[-1] in {
        "name", "summary", "description", "eligibility", "how", "cost_note", "address", "locality", "nearest_stop",
    } or ".texts." in path  # fmt: skip
    return {
        "name": field_name(path), "before": before, "after": after,
        "lang": known if words else "", "dir": registry.direction(known) if known and words else "auto",
    }  # fmt: skip
