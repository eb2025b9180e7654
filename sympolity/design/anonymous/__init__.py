"""Forms that carry no authority: no account, no session, no cookie (architecture.md, mechanism 10).

What protects them: a signed, time-limited token, which makes one thing at most; the browser's own word on where a
form was sent from; a field that only machines fill; limits for each network. What they know of a sender is a word
that tells two networks apart for one day, and that nobody can turn back into an address.
"""

from sympolity.design.anonymous.forms import Sent, Trouble, blank, received
from sympolity.design.anonymous.senders import Limit, Network, admitted, forget, network_of, tag

__all__ = [
    "Limit", "Network", "Sent", "Trouble", "admitted", "blank", "forget", "network_of", "received", "tag",
]  # fmt: skip
