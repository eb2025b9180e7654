"""Verbs of networks. All take lists, check their rule, and write rows, texts and entries in one transaction."""

from sympolity.network.actions.items import AccessionItem, AgreementItem, NetworkItem, PartyItem
from sympolity.network.actions.recording import record_accessions, record_agreements, record_networks
from sympolity.network.actions.turning import turn_accessions, turn_agreements

__all__ = [
    "AccessionItem",
    "AgreementItem",
    "NetworkItem",
    "PartyItem",
    "record_accessions",
    "record_agreements",
    "record_networks",
    "turn_accessions",
    "turn_agreements",
]
