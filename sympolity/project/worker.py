"""What web workers run: the application, and a watch on their parent.

The process above the workers imports this module once, before it parts into them: after a kill
the site waits for one start and not for three. So nothing here may open a file, a connection or
a thread before :func:`begin`, which each worker calls for itself.
"""

import threading

from django.core.handlers.wsgi import WSGIHandler
from django.http import QueryDict
from django.urls import get_resolver

from sympolity.kit.actor import PUBLIC
from sympolity.ops.supervisor import end_with_parent
from sympolity.project.wsgi import application
from sympolity.search.store import IndexAway

# The application must be made before rooms with models are imported.
from sympolity.portal import finding, mapping  # isort: skip

__all__ = ["begin"]

get_resolver().reverse_dict  # noqa: B018 reads all addresses and with them all views, once for all workers


def begin() -> WSGIHandler:
    """The application, in a worker. After kill -9 of the main process granian's workers would live on and hold the port."""
    end_with_parent()
    threading.Thread(target=_warm_up, name="warm-up", daemon=True).start()
    return application


def _warm_up() -> None:
    """Read coast, places and words once, so that the first visitor does not wait for them."""
    try:
        finding.find(QueryDict("q=a&near=Athens"), actor=PUBLIC, lang="en")
        mapping.warm_up()
    except IndexAway:
        return
