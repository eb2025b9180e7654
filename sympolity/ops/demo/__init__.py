"""The demo network: illustrative organizations and services, loaded through the ordinary actions."""

from sympolity.ops.demo.loader import Loaded, facts_mark, load, load_facts, personas

__all__ = ["Loaded", "facts_mark", "load", "load_facts", "personas"]
