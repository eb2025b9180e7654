"""What web workers run: the application, and a watch on their parent.

The process above the workers imports this module once, before it parts into them: after a kill
the site waits for one start and not for three. So nothing here may open a file of the
installation, a connection or a thread before :func:`begin`, which each worker calls for itself.
"""

from pathlib import Path

from django.http import QueryDict
from django.template.loader import get_template
from django.urls import get_resolver

from sympolity.kit.actor import PUBLIC
from sympolity.ops.supervisor import end_with_parent
from sympolity.project.gate import Gate
from sympolity.project.wsgi import application
from sympolity.search.store import IndexAway

# The application must be made before rooms with models are imported.
from sympolity.portal import finding, mapping  # isort: skip

__all__ = ["begin"]

ROOMS = Path(__file__).parent.parent


def _prepare() -> None:
    """Read addresses, views, templates and the coast: the same for all workers."""
    get_resolver().reverse_dict  # noqa: B018 reading it fills it
    for room in ("design", "portal"):
        folder = ROOMS / room / "templates"
        for file in folder.rglob("*.html"):
            get_template(str(file.relative_to(folder)))
    mapping.warm_up()


def begin() -> Gate:
    """The application, in a worker. After kill -9 of the main process granian's workers would live on and hold the port."""
    end_with_parent()
    _open_index()
    return Gate(application)


def _open_index() -> None:
    """Read places and words once, so that the first visitor does not wait for them."""
    try:
        finding.find(QueryDict("q=a&near=Athens"), actor=PUBLIC, lang="en")
    except IndexAway:
        return


_prepare()
