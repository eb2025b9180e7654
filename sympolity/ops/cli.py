"""The console command: verbs for the people who run an installation.

Each verb is a Django management command of this room; verbs that are not in the table
(migrate, check, shell …) are passed to Django as they are.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

__all__ = ["VERBS", "run"]

# verb -> (management command, what it does)
VERBS: dict[str, tuple[str, str]] = {
    "serve": ("serve", "start everything: prepare the data folder, web workers, indexer, work process"),
    "web": ("web", "web workers only (serve starts them)"),
    "index": ("index", "follow the trail into this machine's find index; --rebuild makes it anew"),
    "work": ("work", "work that runs beside the site; a lease keeps a second one idle"),
    "demo": ("demo", "load the demo network (again: nothing changes)"),
    "enrol": ("enrol", "enter a person: sympolity enrol ADDRESS --name NAME --organization NAME [--role ROLE]"),
    "import": (
        "import_file",
        "import files of services (sympolity import signpost PATH …), or areas (import areas PATH …)",
    ),
    "find": ("find", 'search like the Find page: sympolity find "legal help" --lang ar --json'),
    "find-place": ("find_place", "search places by any of their names"),
    "bench": ("bench", "measure speed on this machine, as ratios in one run"),
    "backup": ("backup", "write everything into one file while the site runs: sympolity backup --to FOLDER"),
    "restore": ("restore", "from a backup to an installation that can be started: sympolity restore FILE"),
    "verify": ("verify", "check the trail, its triggers, and the index against the tables; --backup FILE: a backup"),
    "post": ("post", "messages that were given up or refused; --replay lets them go out again, --try sends a trial"),
    "settings": ("settings_page", "print the table of settings"),
    "messages": ("messages", "compile the catalogues of the interface"),
    "extract": ("extract", "for builders: bring the catalogues up to date with code and templates"),
}
# verb and its first word -> management command, where it is not that of the verb
SECOND: dict[tuple[str, str], str] = {
    ("import", "areas"): "import_areas",
    ("bench", "find"): "bench",
    ("bench", "import"): "bench_import",
    ("bench", "truth"): "bench_truth",
}


def _usage() -> str:
    rows = "\n".join(f"  {verb:<12} {says}" for verb, (_, says) in VERBS.items())
    return f"usage: sympolity VERB [options]\n\n{rows}\n\nsympolity VERB --help tells more. Django's own commands (migrate, check, shell …) work too.\n"


def _command(verb: str, rest: list[str]) -> tuple[str, list[str]]:
    """The management command of a verb, and the words that are left for it."""
    if rest and (verb, rest[0]) in SECOND:
        return SECOND[verb, rest[0]], rest[1:]
    return (VERBS[verb][0] if verb in VERBS else verb), rest


def run(argv: Sequence[str]) -> int:
    """Run a verb. 0: done; 1: it failed, the message says why; 2: not understood."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sympolity.project.settings")
    if not argv or argv[0] in {"-h", "--help", "help"}:
        sys.stdout.write(_usage())
        return 0 if argv else 2
    import django
    from django.core.management import ManagementUtility, get_commands
    from django.core.management.base import CommandError
    from django.db import DatabaseError, OperationalError

    verb, *rest = argv
    if verb not in VERBS:
        django.setup()  # the commands of the rooms are known only then
    if verb not in VERBS and verb not in get_commands():
        sys.stderr.write(f"There is no verb {verb!r}.\n\n{_usage()}")
        return 2
    name, rest = _command(verb, rest)
    try:
        ManagementUtility(["sympolity", name, *rest]).execute()
    except CommandError as error:
        sys.stderr.write(f"{error}\n")
        return error.returncode
    except OperationalError as error:
        sys.stderr.write(f"The database does not answer: {str(error).strip().splitlines()[0]}\n")
        return 1
    except DatabaseError as error:
        sys.stderr.write(f"The database cannot be used: {str(error).strip().splitlines()[0]}\n")
        return 1
    except BrokenPipeError:  # the reader of our output went away: sympolity find … | head
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        sys.stderr.write(f"{error.strerror or error}: {error.filename or ''}\n")
        return 1
    except KeyboardInterrupt:
        return 130
    return 0
