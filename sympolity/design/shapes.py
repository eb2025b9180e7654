"""The shapes of states and the mark: our own drawings, coloured by classes of the style sheet.

A state is always shape, word and colour together; the shape alone carries no meaning to a
screen reader and is hidden from it.
"""

from __future__ import annotations

__all__ = ["MARK", "SHAPES", "shape"]

_RING = 'cx="8" cy="8" r="5.75" fill="none" stroke="currentColor" stroke-width="1.75"'
SHAPES: dict[str, str] = {
    "open": '<circle cx="8" cy="8" r="6.5" fill="currentColor"/>',
    "later": f'<circle {_RING}/><path d="M8 2.25a5.75 5.75 0 0 1 0 11.5z" fill="currentColor"/>',
    "closed": f"<circle {_RING}/>",
    "call": (
        '<path d="M8 1.5 15 14H1z" fill="none" stroke="currentColor" stroke-width="1.75" stroke-linejoin="round"/>'
        '<path d="M8 6v4M8 11.6v.4" stroke="currentColor" stroke-width="1.75" stroke-linecap="round"/>'
    ),
    "stop": '<path d="M5 1.5h6L14.5 5v6L11 14.5H5L1.5 11V5z" fill="currentColor"/>',
    "waiting": f'<circle {_RING} stroke-dasharray="2.4 2"/>',
}
_OTHER_NAMES = {"shut": "closed", "wait": "waiting", "half": "later"}

MARK = (
    '<svg class="mark" viewBox="0 0 32 32" aria-hidden="true">'
    '<path class="a" d="M2 28V14a9 9 0 0 1 14-7.48A9 9 0 0 1 30 14v14z"/>'
    '<path class="b" d="M12 28V14a9 9 0 0 1 4-7.48A9 9 0 0 1 20 14v14z"/></svg>'
)


def shape(state: str) -> str:
    """The drawing of ``state``; what we do not know is drawn as closed, the word beside it says the rest."""
    drawing = SHAPES.get(_OTHER_NAMES.get(state, state), SHAPES["closed"])
    return f'<svg width="16" height="16" viewBox="0 0 16 16" aria-hidden="true">{drawing}</svg>'
