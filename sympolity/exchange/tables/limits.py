"""How large a table from outside may be. A list of services of a whole country stays far below."""

from __future__ import annotations

__all__ = [
    "CELL",
    "CELLS",
    "COLUMNS",
    "CSV_BYTES",
    "EMPTY",
    "MEMORY",
    "ROWS",
    "SECONDS",
    "SHEET_ROWS",
    "STOPPED",
    "XLSX_BYTES",
]

CSV_BYTES = 100_000_000
XLSX_BYTES = 20_000_000
COLUMNS = 200
ROWS = 50_000  # with something in them
SHEET_ROWS = 30_000  # of a workbook, which takes longer to read
CELLS = 150_000  # of a workbook, the empty ones that it names among them
CELL = 32_767  # characters: what a cell of a spreadsheet program can hold
EMPTY = 10_000  # rows without anything, one after the other: behind them nothing is looked for
SECONDS = 2.0  # of processor time of the child that reads a workbook
MEMORY = 128_000_000  # bytes of its address space, some 30 MB of which are Python's own
STOPPED = f"more than {EMPTY:,} empty rows follow each other; what stands behind them was not read"
