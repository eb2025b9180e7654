"""What a web worker loads: the application, and a watch on its parent.

After kill -9 of the main process granian's workers would live on and hold the port.
"""

from sympolity.ops.supervisor import end_with_parent
from sympolity.project.wsgi import application

__all__ = ["application"]

end_with_parent()
