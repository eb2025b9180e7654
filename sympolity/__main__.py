"""``python -m sympolity`` and the console command ``sympolity``."""

from __future__ import annotations

import sys


def main() -> int:
    """Run a verb; the exit code tells what happened (0 done, 1 failed, 2 not understood)."""
    from sympolity.ops.cli import run

    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
