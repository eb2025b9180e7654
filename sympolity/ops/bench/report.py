"""Figures in words: the goals first, then what they come from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sympolity.ops.bench.questions import BROAD, NARROW

__all__ = ["goals", "lines"]

LARGE = 100_000  # services for which the goals of one size are asked


def lines(runs: Sequence[dict[str, Any]]) -> Iterator[str]:
    """The report of one run, or of several sizes with how they compare."""
    for figures in runs:
        yield from _one(figures)
    if len(runs) > 1:
        yield from _compared(runs)
    yield "Goals"
    yield from goals(runs)


def goals(runs: Sequence[dict[str, Any]]) -> Iterator[str]:
    """Each goal with its figure: met, not met and by how much, or why it is not judged."""
    for figures in runs:
        yield from _of_size(figures)
    by_size = {figures["services"]: figures["classes"] for figures in runs}
    base = by_size.get(LARGE)
    grown = by_size.get(10 * LARGE)
    for kind, most in ((BROAD, 12.0), (NARROW, 2.0)):
        what = f"1,000,000 services against 100,000, {kind}"
        if base is None or grown is None:
            yield f"  {what}: not measured; --services 100000 --scales 1,10 --index-only"
        else:
            yield _judged(what, grown[kind]["warm"]["cpu_p50"] / (base[kind]["warm"]["cpu_p50"] or 1e-6), most)


def _of_size(figures: dict[str, Any]) -> Iterator[str]:
    size, pages, classes = figures["services"], figures["pages"], figures["classes"]
    note = "" if size == LARGE else f" (asked for {LARGE:,})"
    if pages is not None:
        what = f"{size:,}: page over HTTP − engine, in empty views"
        yield _judged(f"{what}, asked for the first time", pages["first_over"], 3.0)
        yield _judged(f"{what}, asked again within the minute", pages["again_over"], 3.0)
    yield _judged(f"{size:,}: {BROAD} against the bare term query, warm CPU p50{note}", classes[BROAD]["ratio"], 4.0)
    yield _judged(f"{size:,}: {NARROW}, warm CPU p50 in ms{note}", classes[NARROW]["warm"]["cpu_p50"], 1.0, sign=" ms")
    for name, rows in figures["rivals"].items():
        for kind, row in rows.items():
            yield _judged(f"{size:,}: faster than {name}, {kind}, wall p50{note}", row["times_faster"], 5.0, least=True)
    for name, why in figures["absent"].items():
        yield f"  {size:,}: faster than {name}: not measured ({why})"


def _judged(what: str, value: float, limit: float, *, least: bool = False, sign: str = " ×") -> str:
    met = value >= limit if least else value <= limit
    off = max(value, limit) / max(min(value, limit), 1e-6)
    verdict = "met" if met else f"NOT MET, by {off:.1f} ×"
    return f"  {what}: {value:.2f}{sign} (goal {'≥' if least else '≤'} {limit:g}{sign}): {verdict}"


def _one(figures: dict[str, Any]) -> Iterator[str]:
    build, memory = figures["build"], figures["memory_mb"]
    yield f"commit {figures['commit'] or 'unknown'} · {figures['cores']} cores · load {figures['load_before']:.2f} → {figures['load_after']:.2f}"
    yield f"{figures['services']:,} services · vocabulary {build['vocabulary']:,} · {figures['questions']:,} distinct questions · seed {figures['seed']}"
    yield ""
    yield from _table(figures["classes"])
    yield ""
    yield from _pages(figures["pages"])
    for name, rows in figures["rivals"].items():
        for kind, row in rows.items():
            yield (
                f"{name}, {kind}: wall p50 {row['theirs']['wall_p50']:.2f} ms, p95 {row['theirs']['wall_p95']:.2f}; the index "
                f"{row['ours']['wall_p50']:.2f}, {row['ours']['wall_p95']:.2f}: {row['times_faster']:.1f} × faster · matches p50 "
                f"{row['matches'][0]:,.0f}, {row['matches'][1]:,.0f} · asked {row['theirs']['asked']:.0f} · built in {row['theirs']['built_seconds']:.1f} s"
            )
    state = figures["new_state"]
    yield f"New state of the index: open {state['open_ms']:.1f} ms · first answer {state['first_cpu_ms']:.1f} ms CPU"
    yield (
        f"Index: built in {build['seconds']:.1f} s (inventing the services {build['making_seconds']:.1f} s not counted) · one service "
        f"by the product's own way {build['each_ms']:.2f} ms CPU · {build['index_mb']:.1f} MB, {build['bytes_each']:,.0f} bytes a service"
    )
    reader = "unknown" if memory["reader"] is None else f"{memory['reader']:.0f} MB"
    yield f"Memory: peak {memory['peak']:.0f} MB, of the build {memory['peak_of_build']:.0f} MB · grown while asking {reader}"
    yield f"{figures['seconds']:.0f} s"
    yield ""


def _pages(pages: dict[str, Any] | None) -> Iterator[str]:
    if pages is None:
        return
    yield "Find page over HTTP, one connection, one worker; CPU is that of the server, milliseconds a request"
    for name, words in (("empty", "empty view"), ("first", "find, first time"), ("again", "find, again")):
        row = pages[name]
        yield (
            f"  {words:<18} CPU {row['cpu']:>7.2f} · wall p50 {row['wall_p50']:>7.2f}, p99 {row['wall_p99']:>7.2f} · "
            f"{row['per_second']:>6.0f} requests/s · {row['requests']} asked, not 2xx {row['failed']}"
        )
    sent = pages["bytes"]
    yield f"  the engine's share of the first time {pages['engine']:.2f} ms (mean CPU, in this process)"
    yield f"  bytes sent p50 {sent['sent_p50']:,.0f}, p95 {sent['sent_p95']:,.0f} · before compression p50 {sent['plain_p50']:,.0f}"
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
    for name, words in (("index_mb", "index MB"), ("seconds", "build seconds")):
        yield f"{words:<26}" + "".join(f"{figures['build'][name]:>14.1f}" for figures in runs)
    yield f"{'peak memory MB':<26}" + "".join(f"{figures['memory_mb']['peak']:>14.0f}" for figures in runs)
    yield ""
