"""A table as an Excel workbook (.xlsx). What its columns mean is in ``table``, how it is read in ``exchange.tables``."""

from __future__ import annotations

from sympolity.exchange.formats.shape import Options
from sympolity.exchange.formats.table import Table

__all__ = ["made"]


def made(options: Options) -> Table:
    """The format for one file."""
    return Table("xlsx", options)
