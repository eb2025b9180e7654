"""How a telephone number, an e-mail address and a web address look: one rule for forms, drafts and what is imported.

Marks that end an attribute or a tag stand in none of them.
"""

from __future__ import annotations

import re

__all__ = ["EMAIL", "PHONE", "URL"]

PHONE = re.compile(r"^\+?[0-9 ()./-]{2,38}$")
EMAIL = re.compile(r"^[^@\s<>\"']{1,64}@[^@\s<>\"']+\.[^@\s<>\"']{2,}$")
URL = re.compile(r"^https?://[^\s<>\"']+$", re.IGNORECASE)  # RFC 3986: the scheme in any case
