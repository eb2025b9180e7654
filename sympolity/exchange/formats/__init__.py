"""The formats by name. Each is loaded when it is asked for: a run needs one of them."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sympolity.exchange.formats.shape import Format, Options

__all__ = ["MODULES", "get"]

# Name on the command line -> (module with ``made(options)``, what it is in one line).
MODULES = {
    "signpost": ("signpost", "a page of the Signpost v2 list of services"),
    "services_advisor": ("services_advisor", "one or two GeoJSON files of Services Advisor, one per language"),
    "hsds": ("hsds", "HSDS: JSON, ndjson or a folder of CSV tables"),
    "csv": ("csv_table", "a table as CSV, with a mapping of its columns"),
    "xlsx": ("xlsx_table", "a table as an Excel workbook, with a mapping of its columns"),
}


def get(name: str, options: Options | None = None) -> Format:
    """The format of this name; KeyError when nobody knows it."""
    from sympolity.exchange.formats.shape import Options as Empty

    module = import_module(f"{__name__}.{MODULES[name][0]}")
    made: Format = module.made(options or Empty())
    return made
