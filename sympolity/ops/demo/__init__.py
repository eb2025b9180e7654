"""The demo network: illustrative organizations and services, loaded through the ordinary actions."""

from sympolity.ops.demo.loader import Loaded, load, load_facts, personas

__all__ = ["Loaded", "load", "load_facts", "personas"]
