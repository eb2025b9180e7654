"""What visitors of the demo have said: reports, and what is missing. Again: nothing changes."""

from __future__ import annotations

from sympolity.directory.enums import ReportKind
from sympolity.directory.reports.sending import MissingItem, ReportItem, send_missing, send_reports
from sympolity.ops.demo.ids import demo_id

__all__ = ["load"]

# (key, service, kind, words, language, sender): the first two from two networks, so that their service is marked.
_REPORTS = (
    ("phone", "kal-numbers-desk", ReportKind.WRONG_PHONE, "The number does not answer any more.", "en", "demo.1"),
    ("phone-again", "kal-numbers-desk", ReportKind.WRONG_PHONE, "", "el", "demo.2"),
    ("hours", "athens-first-steps", ReportKind.WRONG_HOURS, "أغلقوا يوم الجمعة قبل الموعد.", "ar", ""),
    ("money", "del-factory-jobs", ReportKind.MONEY, "A man at the door wanted ten euros to let me in.", "en", ""),
)
_MISSING = (
    ("dentist", "A dentist for children, on Saturdays.", "en", "athens", "health"),
    ("greek", "Μαθήματα ελληνικών το βράδυ.", "el", "kalamaria", ""),
)


def load() -> None:
    """Send them through the verbs of the forms."""
    send_reports(
        items=[
            ReportItem(demo_id("report", key), demo_id("service", service), kind, words, lang, sender)
            for key, service, kind, words, lang, sender in _REPORTS
        ]
    )
    send_missing(
        items=[
            MissingItem(demo_id("missing", key), words, lang, area, need) for key, words, lang, area, need in _MISSING
        ]
    )
