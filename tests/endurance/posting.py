"""Couriers that are made quickly again and again, for a test that kills them.

Run as a program: it loads Django once, and for each line on its input forks a courier and says its number. The
courier carries mails out without end; whoever kills it leaves what it held.
"""

from __future__ import annotations

import os
import signal
import sys
import time


def _carry() -> None:
    from sympolity.post.channel import MAIL
    from sympolity.trail.couriers import Courier

    while True:
        Courier(MAIL, f"courier {os.getpid()}").round()
        time.sleep(0.001)


def _main() -> None:
    import django

    django.setup()
    from django.conf import settings

    settings.EMAIL_USE_TLS = False  # the server of the tests speaks none
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    print("ready", flush=True)
    for _ in sys.stdin:
        pid = os.fork()
        if not pid:
            try:
                _carry()
            finally:
                os._exit(1)
        print(pid, flush=True)


if __name__ == "__main__":
    _main()
