"""What time takes away from reports. Called by the work process; again, it changes nothing."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from sympolity.directory.enums import ReportState
from sympolity.directory.models import MissingService, Report
from sympolity.kit import clock

__all__ = ["KEPT", "forget"]

# Days after the end of a report for which its words are kept: conduct longer, for a case may go to court.
KEPT = {False: 90, True: 365}
KEPT_MISSING = 365  # days for which a line stands on the board
_ENDS = (ReportState.ANSWERED, ReportState.CLOSED)


def forget() -> int:
    """Empty senders of days that are over, and words of reports that ended long ago; the number of rows.

    No entry of the trail: nothing that anybody said is changed, and the trail holds nothing of it.
    """
    now = clock.now()
    midnight = datetime.combine(clock.local_today(), time(), clock.ATHENS)
    done = Report.objects.filter(created_at__lt=midnight).exclude(sender="").update(sender="")
    for conduct, days in KEPT.items():
        ended = Report.objects.filter(conduct=conduct, state__in=_ENDS, answered_at__lt=now - timedelta(days=days))
        done += ended.exclude(words="").update(words="")
    old = MissingService.objects.filter(created_at__lt=now - timedelta(days=KEPT_MISSING))
    return done + old.delete()[0]
