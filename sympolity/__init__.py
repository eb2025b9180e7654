"""Sympolity: the open platform on which cities run the integration of refugees and migrants together."""

__version__ = "0.1.0"
