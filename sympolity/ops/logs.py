"""One line of JSON for each event, for machines that read logs. Plain Python: settings name it."""

from __future__ import annotations

import json
import logging
import traceback
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any

__all__ = ["Json", "frames", "granian"]


def frames(trace: TracebackType | None) -> str:
    """Where an error happened: file, line and function, the innermost first. No message, no value."""
    found = reversed(traceback.extract_tb(trace)[-6:])
    return " < ".join(f"{Path(each.filename).name}:{each.lineno} {each.name}" for each in found)


class Json(logging.Formatter):
    """time (RFC 3339, UTC), level, logger, message; ``facts`` given with ``extra``; kind and place of an error.

    The message of an exception is left out: a database puts the failing row into it.
    """

    def format(self, record: logging.LogRecord) -> str:
        moment = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        row: dict[str, Any] = {
            "time": moment.replace("+00:00", "Z"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        facts = getattr(record, "facts", None)
        if isinstance(facts, dict):
            row |= facts
        if record.exc_info and record.exc_info[0]:
            row |= {"error": record.exc_info[0].__name__, "at": frames(record.exc_info[2])}
        return json.dumps(row, ensure_ascii=False)


class _ButThreads(logging.Filter):
    """All but the server's remark about its number of threads."""

    def filter(self, record: logging.LogRecord) -> bool:
        return "Python threads" not in record.getMessage()


def granian(formatter: dict[str, Any]) -> dict[str, Any]:
    """The logging of the web server, on stderr like ours and in the same form. It logs no request."""
    handler = {"class": "logging.StreamHandler", "formatter": "ours", "stream": "ext://sys.stderr"}
    # It finds our threads too many: most of them only wait (project.gate).
    quiet = {"handlers": ["ours"], "level": "WARNING", "propagate": False, "filters": ["threads"]}
    return {
        "filters": {"threads": {"()": _ButThreads}},
        "formatters": {"ours": formatter},
        "handlers": {"ours": handler},
        "loggers": {"_granian": quiet, "granian.access": quiet | {"level": "CRITICAL"}},
    }
