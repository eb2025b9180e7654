"""A rule answers ``Allowed`` or ``Refused``: a refusal always carries its reason.

Reasons are short stable codes ("not_approved"); the room that shows one to a person
owns the sentence. Actions raise ``Refusal`` so that nothing can be half done.
"""

from __future__ import annotations

from dataclasses import dataclass, field

__all__ = ["Allowed", "Answer", "Refusal", "Refused"]


@dataclass(frozen=True, slots=True)
class Allowed:
    """Yes. True in a condition."""

    def __bool__(self) -> bool:
        return True


@dataclass(frozen=True, slots=True)
class Refused:
    """No, because of ``reason`` (a stable code). False in a condition."""

    reason: str
    facts: dict[str, str] = field(default_factory=dict, hash=False)

    def __bool__(self) -> bool:
        return False


Answer = Allowed | Refused


class Refusal(Exception):
    """An action was refused as a whole; nothing was written.

    ``where`` names the item of the list that was refused (its index or key), if one was.
    """

    def __init__(self, reason: str, *, where: str = "", facts: dict[str, str] | None = None) -> None:
        super().__init__(f"{where}: {reason}" if where else reason)
        self.reason = reason
        self.where = where
        self.facts = facts or {}

    @classmethod
    def unless(cls, answer: Answer, *, where: str = "") -> None:
        """Raise when ``answer`` is a refusal."""
        if isinstance(answer, Refused):
            raise cls(answer.reason, where=where, facts=answer.facts)
