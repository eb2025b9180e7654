"""The demo network: illustrative organizations and services, loaded through the ordinary actions."""

from sympolity.ops.demo.loader import Loaded, facts_mark, load, load_facts, personas
from sympolity.ops.demo.network import others_exist

__all__ = ["Loaded", "facts_mark", "load", "load_facts", "others_exist", "personas"]
