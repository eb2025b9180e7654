"""When a service is open: an OSM ``opening_hours`` string, dated exceptions, a time zone.

``spec`` reads and checks strings, ``daily`` cuts them into the openings of each local day,
``dated`` holds the exceptions, ``hours`` answers the questions that pages and the index ask.
"""

from sympolity.kit.hours.dated import DatedException
from sympolity.kit.hours.hours import Day, Hours, State
from sympolity.kit.hours.spec import BadHours, check

__all__ = ["BadHours", "DatedException", "Day", "Hours", "State", "check"]
