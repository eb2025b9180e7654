"""Where the facts and parts of this site come from, and under which licence: a table for the page of sources.

A test compares it with the folders of vendored parts and the sources named in the files of facts.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

__all__ = ["ROWS", "Row"]


@dataclass(frozen=True, slots=True)
class Row:
    """``names``: the names that stand in our files of facts or folders of parts; ``licence``: an SPDX id or words."""

    title: str
    publisher: str
    what: str | Promise
    licence: str | Promise
    url: str
    names: tuple[str, ...] = ()


_FACTS = pgettext_lazy("licence", "Single facts, written down with their source")

ROWS: tuple[Row, ...] = (
    Row(
        "Census 2011", "ELSTAT", pgettext_lazy("data source", "Population of municipalities and regions; codes and places of settlements"),
        _FACTS, "https://www.statistics.gr/en/2011-census-pop-hous", ("ELSTAT",),
    ),
    Row(
        "YPES register 2011", "Hellenic Ministry of Interior", pgettext_lazy("data source", "Codes of municipalities"),
        _FACTS, "https://www.ypes.gr/", ("YPES",),
    ),
    Row(
        "NUTS", "Eurostat", pgettext_lazy("data source", "Codes of regions of the European Union"),
        _FACTS, "https://ec.europa.eu/eurostat/web/nuts", ("Eurostat",),
    ),
    Row(
        "Common operational datasets", "OCHA", pgettext_lazy("data source", "Codes of places for humanitarian work (p-codes)"),
        _FACTS, "https://cod.unocha.org/", ("OCHA",),
    ),
    Row(
        "Natural Earth 1:10m, 1:50m", "Natural Earth", pgettext_lazy("data source", "Coast and borders on the maps"),
        pgettext_lazy("licence", "Public domain"), "https://www.naturalearthdata.com/", ("natural-earth",),
    ),
    Row(
        "MapLibre GL JS", "MapLibre contributors", pgettext_lazy("data source", "Draws the interactive map"),
        "BSD-3-Clause", "https://maplibre.org/", ("maplibre-gl",),
    ),
    Row(
        "PMTiles", "Protomaps", pgettext_lazy("data source", "Reads archives of map tiles"),
        "BSD-3-Clause", "https://github.com/protomaps/PMTiles", ("pmtiles",),
    ),
    Row(
        "Lucide", "Lucide contributors", pgettext_lazy("data source", "The small pictures beside the words"),
        "ISC", "https://lucide.dev/", ("lucide",),
    ),
    Row(
        "CLDR", "Unicode", pgettext_lazy("data source", "Names of days and months, plurals, names of languages"),
        "Unicode-3.0", "https://cldr.unicode.org/", (),
    ),
)  # fmt: skip
