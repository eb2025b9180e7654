"""An HTML page as a strict editor reads it, with Python's own tokenizer.

Stricter than a browser: every element that is not void is closed by hand and in order, since
an unclosed element is how a template that was cut short looks.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import pairwise

__all__ = ["Document", "Tag", "faults", "read"]

VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())  # noqa: SIM905
_BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "details",
        "dialog",
        "div",
        "dl",
        "fieldset",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "main",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "table",
        "ul",
    ]
)
_INTERACTIVE = frozenset({"a", "button", "select", "textarea", "label", "details", "input"})
_SPEAKING = frozenset({"a", "button", "summary", "legend", "label", "option"})
_UNNAMED_INPUTS = frozenset({"hidden", "submit", "button", "reset", "image"})
# Attributes that name other elements of the page.
_POINTERS = (
    "for",
    "form",
    "list",
    "aria-labelledby",
    "aria-describedby",
    "aria-controls",
    "aria-owns",
    "aria-details",
    "headers",
)


@dataclass(slots=True)
class Tag:
    """One element: its attributes, the names of the elements around it, its text."""

    name: str
    attributes: dict[str, str | None]
    around: tuple[str, ...]
    line: int
    body: str = ""

    def get(self, name: str, default: str | None = None) -> str | None:
        return self.attributes.get(name, default)

    def __str__(self) -> str:
        shown = "".join(f' {key}="{(value or "")[:40]}"' for key, value in list(self.attributes.items())[:3])
        return f"line {self.line} <{self.name}{shown}>"


@dataclass(slots=True)
class Document:
    """What was read; ``errors`` are faults of the markup itself."""

    tags: list[Tag] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    doctype: str = ""
    words: list[str] = field(default_factory=list)

    def find(self, name: str) -> list[Tag]:
        return [tag for tag in self.tags if tag.name == name]

    def values(self, name: str, attribute: str) -> list[str]:
        return [tag.get(attribute) or "" for tag in self.find(name) if attribute in tag.attributes]

    @property
    def root(self) -> Tag:
        return next(iter(self.find("html")), Tag("html", {}, (), 0))

    @property
    def title(self) -> str:
        found = [tag for tag in self.find("title") if "svg" not in tag.around]
        return _squeezed(found[0].body) if found else ""

    @property
    def h1(self) -> str:
        found = self.find("h1")
        return _squeezed(found[0].body) if found else ""

    @property
    def text(self) -> str:
        """All words of the body, with single spaces."""
        return _squeezed(" ".join(self.words))


def _squeezed(text: str) -> str:
    return " ".join(text.split())


class _Parser(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.document = Document()
        self.open: list[Tag] = []

    def handle_decl(self, decl: str) -> None:
        self.document.doctype = decl.lower()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, count in Counter(name for name, _ in attrs).items():
            if count > 1:
                self._fault(f"attribute {name} twice on <{tag}>")
        found = Tag(tag, dict(attrs), tuple(each.name for each in self.open), self.getpos()[0])
        self.document.tags.append(found)
        if tag not in VOID:
            self.open.append(found)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        inside_svg = any(each.name in {"svg", "math"} for each in self.open)
        if tag not in VOID and not inside_svg:
            self._fault(f"<{tag}/> does not close itself in HTML")
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            self._fault(f"</{tag}> of a void element")
        elif not self.open or self.open[-1].name != tag:
            inside = self.open[-1].name if self.open else "nothing"
            self._fault(f"</{tag}> inside <{inside}>")
            while any(each.name == tag for each in self.open) and self.open.pop().name != tag:
                pass
        else:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        for tag in self.open:
            tag.body += data
        names = {tag.name for tag in self.open}
        if "body" in names and not names & {"script", "style", "template"}:
            self.document.words.append(data)

    def unknown_decl(self, data: str) -> None:
        self._fault(f"<![{data[:30]} is not HTML")

    def _fault(self, what: str) -> None:
        self.document.errors.append(f"line {self.getpos()[0]}: {what}")


def read(html: str) -> Document:
    """Parse a whole page; faults of the markup are kept in ``errors``."""
    parser = _Parser()
    try:
        parser.feed(html)
        parser.close()
    except AssertionError as error:  # the tokenizer gives up on some broken declarations
        parser.document.errors.append(f"line {parser.getpos()[0]}: {error}")
    parser.document.errors.extend(f"{tag} is never closed" for tag in parser.open)
    return parser.document


def faults(document: Document) -> list[str]:
    """Everything a strict editor would send back."""
    rules = (_skeleton, _ids, _nesting, _names, _images, _tables)
    return [*document.errors, *(fault for rule in rules for fault in rule(document))]


def _skeleton(document: Document) -> Iterator[str]:
    if document.doctype != "doctype html":
        yield f"doctype is {document.doctype!r}"
    for name in ("html", "head", "body", "main", "h1"):
        count = len(document.find(name))
        if count != 1:
            yield f"{count} <{name}>"
    if not document.title:
        yield "no title"
    if not document.h1:
        yield "the h1 is empty"
    if "width=device-width" not in " ".join(document.values("meta", "content")):
        yield "no viewport"
    levels = [int(tag.name[1]) for tag in document.tags if tag.name in {"h1", "h2", "h3", "h4", "h5", "h6"}]
    for above, below in pairwise(levels):
        if below > above + 1:
            yield f"h{below} follows h{above}"


def _ids(document: Document) -> Iterator[str]:
    ids = Counter(tag.get("id") or "" for tag in document.tags if "id" in tag.attributes)
    for name, count in ids.items():
        if not name or any(char.isspace() for char in name):
            yield f"id {name!r} is not usable"
        elif count > 1:
            yield f"id {name!r} stands {count} times"
    for tag in document.tags:
        for attribute in _POINTERS:
            for target in (tag.get(attribute) or "").split():
                if target not in ids:
                    yield f"{tag}: {attribute} points at {target!r}, which is not there"
        href = tag.get("href") or ""
        if tag.name in {"a", "use"} and href.startswith("#") and len(href) > 1 and href[1:] not in ids:
            yield f"{tag}: href points at {href!r}, which is not there"


def _nesting(document: Document) -> Iterator[str]:
    for tag in document.tags:
        if tag.name in _BLOCKS and "p" in tag.around:
            yield f"{tag} inside <p>"
        if tag.name in {"a", "button"} and {"a", "button"} & set(tag.around):
            yield f"{tag} inside a link or button"
        if tag.name in _INTERACTIVE - {"a", "button"} and "a" in tag.around:
            yield f"{tag} inside a link"
        if tag.name == "form" and "form" in tag.around:
            yield f"{tag} inside a form"
        if tag.name == "li" and (not tag.around or tag.around[-1] not in {"ul", "ol", "menu"}):
            yield f"{tag} outside a list"
        if tag.around and tag.around[-1] in {"ul", "ol"} and tag.name not in {"li", "script", "template"}:
            yield f"{tag} directly in a list"
        if tag.name in {"dt", "dd"} and "dl" not in tag.around[-2:]:
            yield f"{tag} outside <dl>"


def _names(document: Document) -> Iterator[str]:
    """Links, buttons and fields have a name for those who do not see them."""
    labelled = set(document.values("label", "for"))
    images = [tag for tag in document.find("img") if tag.get("alt")]
    for tag in document.tags:
        if tag.get("aria-label") or tag.get("aria-labelledby") or tag.get("title"):
            continue
        if tag.name in _SPEAKING and not tag.body.strip() and not tag.get("label") and not _holds(tag, images):
            yield f"{tag} has no name"
        if _is_field(tag) and tag.get("id") not in labelled and "label" not in tag.around:
            yield f"{tag} has no label"


def _is_field(tag: Tag) -> bool:
    if tag.name == "input":
        return (tag.get("type") or "text") not in _UNNAMED_INPUTS
    return tag.name in {"select", "textarea"}


def _holds(tag: Tag, images: list[Tag]) -> bool:
    return any(tag.name in image.around and image.line >= tag.line for image in images)


def _images(document: Document) -> Iterator[str]:
    for tag in document.find("img"):
        if "alt" not in tag.attributes:
            yield f"{tag} has no alt"
        if not (tag.get("width") and tag.get("height")):
            yield f"{tag} has no width and height: the page will jump"


def _tables(document: Document) -> Iterator[str]:
    for tag in document.find("th"):
        if tag.get("scope") not in {"col", "row", "colgroup", "rowgroup"}:
            yield f"{tag} has no scope"
    for tag in document.tags:
        tabindex = tag.get("tabindex")
        if tabindex is not None and tabindex not in {"0", "-1"}:
            yield f"{tag}: tabindex {tabindex}"
        if tag.name == "button" and tag.get("type") not in {"submit", "button", "reset"}:
            yield f"{tag} has no type"
