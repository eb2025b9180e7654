"""Figures in words: ratios first, since they hold on other machines too."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

__all__ = ["lines"]

BOX = "broad + within + 2 facets"


def lines(runs: Sequence[dict[str, Any]]) -> Iterator[str]:
    """The report of one run, or of several sizes with how they compare."""
    for figures in runs:
        yield from _one(figures)
    if len(runs) > 1:
        yield from _compared(runs)


def _one(figures: dict[str, Any]) -> Iterator[str]:
    build, pages, memory = figures["build"], figures["pages"], figures["memory_mb"]
    yield f"commit {figures['commit'] or 'unknown'} · {figures['cores']} cores · load {figures['load_before']:.2f} → {figures['load_after']:.2f}"
    yield f"{figures['services']:,} services · vocabulary {build['vocabulary']:,} · {figures['questions']:,} distinct questions · seed {figures['seed']}"
    yield ""
    yield "Find page, CPU p50 (ms), warm"
    yield (
        f"  page {pages['page']['cpu_p50']:.2f} · find {pages['find']['cpu_p50']:.2f} · empty view {pages['empty']['cpu_p50']:.2f}"
        f" · page − find = {pages['page_over_find_in_empties']:.1f} × an empty view (goal ≤ 3)"
    )
    yield f"  SQL statements {pages['statements']} · not 2xx {pages['failed']}"
    sent = pages["bytes"]
    yield f"  bytes sent p50 {sent['sent_p50']:,.0f}, p95 {sent['sent_p95']:,.0f} · before compression p50 {sent['plain_p50']:,.0f}"
    yield ""
    yield from _table(figures["classes"])
    yield ""
    state = figures["new_state"]
    yield f"New state of the index: open {state['open_ms']:.1f} ms · first answer {state['first_cpu_ms']:.1f} ms CPU"
    yield (
        f"Index: built in {build['seconds']:.1f} s ({build['documents'] / max(0.001, build['seconds']):,.0f} documents/s; inventing them "
        f"{build['making_seconds']:.1f} s not counted) · {build['index_mb']:.1f} MB, {build['bytes_each']:,.0f} bytes a document"
    )
    reader = "unknown" if memory["reader"] is None else f"{memory['reader']:.0f} MB"
    yield f"Memory: peak {memory['peak']:.0f} MB, of the build {memory['peak_of_build']:.0f} MB · grown while asking {reader}"
    yield f"{figures['seconds']:.0f} s"
    yield ""


def _table(classes: dict[str, Any]) -> Iterator[str]:
    yield "Engine, milliseconds; × = warm CPU p50 against the bare term query of this run (20 hits and their count)"
    yield (
        f"{'class':<26}{'×':>7}{'matches':>9} |{'warm CPU p50':>13}{'p95':>8}{'p99':>8} |{'wall p50':>9}{'p95':>8}{'p99':>8}"
        f" |{'cold CPU p50':>13}{'p95':>8}{'p99':>8} |{'bare':>7} |{'asked':>6}"
    )
    for kind, row in classes.items():
        warm, cold = row["warm"], row["cold"]
        yield (
            f"{kind:<26}{row['ratio']:>7.1f}{row['matches']['p50']:>9,.0f} |{warm['cpu_p50']:>13.2f}{warm['cpu_p95']:>8.2f}{warm['cpu_p99']:>8.2f}"
            f" |{warm['wall_p50']:>9.2f}{warm['wall_p95']:>8.2f}{warm['wall_p99']:>8.2f}"
            f" |{cold['cpu_p50']:>13.2f}{cold['cpu_p95']:>8.2f}{cold['cpu_p99']:>8.2f} |{row['bare']['cpu_p50']:>7.3f} |{warm['asked']:>6.0f}"
        )


def _compared(runs: Sequence[dict[str, Any]]) -> Iterator[str]:
    base = runs[0]
    yield f"Against {base['services']:,} services: warm CPU p50"
    yield f"{'class':<26}" + "".join(f"{figures['services']:>14,}" for figures in runs)
    for kind, row in base["classes"].items():
        one = row["warm"]["cpu_p50"] or 1e-6
        yield f"{kind:<26}" + "".join(
            f"{figures['classes'][kind]['warm']['cpu_p50'] / one:>13.1f}×" for figures in runs
        )
    yield f"{'index MB':<26}" + "".join(f"{figures['build']['index_mb']:>14.1f}" for figures in runs)
    yield f"{'build seconds':<26}" + "".join(f"{figures['build']['seconds']:>14.1f}" for figures in runs)
    yield f"{'peak memory MB':<26}" + "".join(f"{figures['memory_mb']['peak']:>14.0f}" for figures in runs)
