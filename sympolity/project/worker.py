"""What a web worker loads: the application, and a watch on its parent.

After kill -9 of the main process granian's workers would live on and hold the port.
"""

import threading

from django.http import QueryDict

from sympolity.kit.actor import PUBLIC
from sympolity.ops.supervisor import end_with_parent
from sympolity.project.wsgi import application
from sympolity.search.store import IndexAway

# The application must be made before rooms with models are imported.
from sympolity.portal import finding, mapping  # isort: skip

__all__ = ["application"]


def _warm_up() -> None:
    """Read coast, places and words once, so that the first visitor does not wait for them."""
    try:
        finding.find(QueryDict("q=a&near=Athens"), actor=PUBLIC, lang="en")
        mapping.warm_up()
    except IndexAway:
        return


end_with_parent()
threading.Thread(target=_warm_up, name="warm-up", daemon=True).start()
