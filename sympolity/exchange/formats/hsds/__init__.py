"""HSDS, the Human Services Data Specification of Open Referral: services from JSON, ndjson or CSV tables.

HSDS 3.1 in all its shapes, and the tables of HSDS 1 (Ohana). ``read`` makes one record per service out of any of
them, in the full shape of HSDS 3; ``mapping`` puts it into our words. Rows that belong to no service are records of
their own, so that every row of the files is accounted for.
"""

from sympolity.exchange.formats.hsds.format import Hsds, made

__all__ = ["Hsds", "made"]
