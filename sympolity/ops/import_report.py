"""What ``sympolity import`` says: the report of a run as lines for a person."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sympolity.exchange.report import report
from sympolity.kit.bidi import clean_line

__all__ = ["lines", "report"]

_SHOWN = 20  # lines of each list for a person; --json has them all


def lines(data: dict[str, Any]) -> list[str]:
    """The report for a person."""
    results = data["results"]
    out = [
        f"{', '.join(data['files'])}: {data['records']} records from {data['source']}"
        + (" (dry run: nothing was written)" if data["dry_run"] else "")
    ]
    out += ["", *(f"  {name:<11}{number:>7}" for name, number in results.items() if name != "ended")]
    out += [f"  {'together':<11}{data['accounted_for']:>7} of {data['records']} records"]
    out += ["", f"  {'ended':<11}{results['ended']:>7} (absent from the files)", "", f"  {data['seconds']} s"]
    if data["endings_not_looked_at"]:
        out.append(f"  Endings were not looked at: {data['endings_not_looked_at']}.")
    if data["already_over"]:
        out.append(f"  Already over (kept, in no public list): {data['already_over']}.")
    other = data["other_help"]
    said = f" ({', '.join(f'{why}: {number}' for why, number in other.items())})" if other else ""
    out.append(f'  Under "Other help" (marked as a fallback): {sum(other.values())}{said}.')
    lengths = data["lengths"]
    asked = f"Waiting for a person ({data['waiting_new']} of them new)"
    out += _list("Refused: they wait as invalid proposals", _told(data["refused"]), lengths["refused"])
    out += _list(asked, _told(data["waiting"]), lengths["waiting"])
    out += _list("Updated", data["updated"], lengths["updated"])
    out += _list("Repeated, the same", data["duplicates"], lengths["duplicates"])
    out += _list("Notes", data["notes"], lengths["notes"])
    out += ["", "Keys of the source", *_keys(data["keys"])]
    unknown = data["unknown_keys"]
    title = "!! UNKNOWN KEYS: nobody knows what they hold, and nothing of them was taken over"
    return out + _list(title, unknown, len(unknown))


def _told(rows: Iterable[dict[str, str]]) -> list[str]:
    return [f"{row['place']}, id {row['id']}: {row['reason']}" for row in rows]


def _list(title: str, rows: Sequence[str], total: int) -> list[str]:
    if not total:
        return []
    more = [f"  … and {total - _SHOWN} more (--json has all)"] if total > _SHOWN else []
    return ["", f"{title} ({total}):", *(f"  {clean_line(row, 300)}" for row in rows[:_SHOWN]), *more]


def _keys(rows: Iterable[dict[str, Any]]) -> list[str]:
    head = f"  {'key':<44}{'filled':>7}{'reached':>9}{'share':>7}  column"
    return [
        head,
        *(
            f"  {clean_line(row['key'], 44):<44}{row['filled']:>7}{row['reached']:>9}{row['share']:>7.0%}"
            f"  {clean_line(row['home'], 120)}"
            for row in rows
        ),
    ]
