"""Why a record or a file is not used, and where it stands in its file, in the language of the page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import pgettext, pgettext_lazy

from sympolity.desk.words import FIELDS, field_name
from sympolity.exchange.reasons import Clause, place_of, read
from sympolity.exchange.reasons import of_file as read_file
from sympolity.languages import registry

__all__ = ["FILES", "PLACES", "REASONS", "of_file", "place", "reason"]

# Code of exchange.reasons -> words. {value} and the like are what the file says, and stay as they are.
REASONS: Mapping[str, Any] = {
    "record_too_long": pgettext_lazy("desk, reason", "The record is too long to be read."),
    "record_too_deep": pgettext_lazy("desk, reason", "The record is nested too deeply to be read."),
    "record_too_rich": pgettext_lazy("desk, reason", "The record has too many parts to be read."),
    "record_no_object": pgettext_lazy("desk, reason", "This is no record: an object is expected."),
    "key_twice": pgettext_lazy("desk, reason", "The key {key} stands twice. Which of the two is meant?"),
    "row_too_wide": pgettext_lazy("desk, reason", "The row has {there} cells, the heading has {here}. Is a quote or a separator missing?"),
    "id_missing": pgettext_lazy("desk, reason", "The id is missing or cannot be used. Each record needs its own."),
    "object_expected": pgettext_lazy("desk, reason", "It has another form than expected."),
    "text_expected": pgettext_lazy("desk, reason", "Words are expected here."),
    "point_expected": pgettext_lazy("desk, reason", "A point with longitude and latitude is expected."),
    "draft": pgettext_lazy("desk, reason", "This is a draft of a change to another record."),
    "not_public": pgettext_lazy("desk, reason", "The state {value} is not meant for the public."),
    "unknown_state": pgettext_lazy("desk, reason", "The state {value} is not known. Known are: {known}."),
    "empty": pgettext_lazy("desk, reason", "Nothing stands here."),
    "name_missing": pgettext_lazy("desk, reason", "The name is missing."),
    "name_too_long": pgettext_lazy("desk, reason", "The name is too long."),
    "organization_missing": pgettext_lazy("desk, reason", "Who gives the service is missing."),
    "no_service": pgettext_lazy("desk, reason", "It belongs to no service."),
    "point_zero": pgettext_lazy("desk, reason", "The point is 0, 0: it was never set. Set it, or leave it empty."),
    "point_swapped": pgettext_lazy("desk, reason", "Latitude and longitude seem to have changed places: {point}."),
    "point_outside": pgettext_lazy("desk, reason", "The point lies outside the world: {point}."),
    "point_outside_plain": pgettext_lazy("desk, reason", "The point lies outside the world."),
    "point_half": pgettext_lazy("desk, reason", "Latitude or longitude is missing."),
    "grid": pgettext_lazy("desk, reason", "{value} is no degree: it looks like a national grid, or its comma was lost. Write degrees such as 37.98."),
    "bad_degree": pgettext_lazy("desk, reason", "{value} is no degree. Write a number such as {example}."),
    "bad_point": pgettext_lazy("desk, reason", "{value} is no point. Write latitude, then longitude: 37.98, 23.73."),
    "bad_date": pgettext_lazy("desk, reason", "{value} is no date. Write it like 2026-12-31."),
    "bad_phone_number": pgettext_lazy("desk, reason", "{value} is no phone number."),
    "bad_mail": pgettext_lazy("desk, reason", "{value} is no email address. One alone is expected."),
    "bad_page": pgettext_lazy("desk, reason", "{value} is no address of a web page. One alone is expected."),
    "bad_age": pgettext_lazy("desk, reason", "{value} is no age in years."),
    "unknown_word": pgettext_lazy("desk, reason", "The word {value} is not known here."),
    "yes_or_no": pgettext_lazy("desk, reason", "{value} is neither yes nor no."),
    "formula": pgettext_lazy("desk, reason", "A formula was never computed. Open the file in a spreadsheet program and save it again."),
    "error_cell": pgettext_lazy("desk, reason", "The cell shows the error {value}."),
    "category_missing": pgettext_lazy("desk, reason", "No need is left."),
    "unknown_category": pgettext_lazy("desk, reason", "A need is not loaded on this server yet. Tell whoever runs it."),
    "unknown_area": pgettext_lazy("desk, reason", "The areas are not loaded on this server yet. Tell whoever runs it."),
    "not_yours": pgettext_lazy("desk, reason", "The record belongs to somebody else here."),
    "bad_hours": pgettext_lazy("desk, reason", "The opening hours are not written in the notation of OpenStreetMap."),
    "bad_phone": pgettext_lazy("desk, reason", "This is no phone number."),
    "bad_email": pgettext_lazy("desk, reason", "This is no email address."),
    "bad_url": pgettext_lazy("desk, reason", "This is no address of a web page."),
    "unknown_code": pgettext_lazy("desk, reason", "This word is not one of the list."),
    "unknown_language": pgettext_lazy("desk, reason", "This language is not known here."),
    "database": pgettext_lazy("desk, reason", "The database does not take it."),
    "second": pgettext_lazy("desk, reason", "Another record of the file has the same id and says something else. The first was taken."),
    "twin": pgettext_lazy("desk, reason", "It is likely the same as {other}: the same name, and the same organization or place."),
    "shown": pgettext_lazy("desk, reason", "An address that is not public here would be shown. Is it meant to be?"),
    "shelter": pgettext_lazy("desk, reason", "A place for people in danger has an address here. Is it meant to be known?"),
    "ended_here": pgettext_lazy("desk, reason", "A person ended it here. Should it come back?"),
    "owned": pgettext_lazy("desk, reason", "Its organization keeps its records here itself. Shall the source change them?"),
    "taken": pgettext_lazy("desk, reason", "The service would go to another organization. Is it the same service?"),
    "contacts": pgettext_lazy("desk, reason", "The contacts of many records change at once."),
    "holds_mail": pgettext_lazy("desk, reason", "The text holds an email address. Look at it before it is public."),
    "holds_phone": pgettext_lazy("desk, reason", "The text holds a phone number. Look at it before it is public."),
    "holds_name": pgettext_lazy("desk, reason", "The text may hold the name of a person. Look at it before it is public."),
    "begins_later": pgettext_lazy("desk, reason", "It begins only on {day}."),
    "no_owner": pgettext_lazy("desk, reason", "The record does not tell who gives the service. The name of the service stands for it."),
}  # fmt: skip
# The same for a file as a whole.
FILES: Mapping[str, Any] = {
    "cut": pgettext_lazy("desk, reason of a file", "The file ends in the middle: it was cut. Fetch it again."),
    "empty": pgettext_lazy("desk, reason of a file", "The file is empty."),
    "encoding": pgettext_lazy("desk, reason of a file", "The letters of the file cannot be read. Save it as UTF-8."),
    "password": pgettext_lazy("desk, reason of a file", "The file is protected by a password, or an old workbook. Save it without, as .xlsx."),
    "macros": pgettext_lazy("desk, reason of a file", "The file holds macros or other things that no table needs. Save it as .xlsx without them."),
    "no_text": pgettext_lazy("desk, reason of a file", "The file is damaged: it holds characters that no text has."),
    "other_kind": pgettext_lazy("desk, reason of a file", "The file is of another kind than you chose. Choose another kind, or save the file as that kind."),
    "too_many": pgettext_lazy("desk, reason of a file", "The file has more in it than can be read at once. Split it, or take out what does not belong to the list."),
    "too_slow": pgettext_lazy("desk, reason of a file", "The file takes too long to read. Split it."),
    "too_deep": pgettext_lazy("desk, reason of a file", "The file is nested too deeply to be read."),
    "twice": pgettext_lazy("desk, reason of a file", "Something stands twice that may stand once."),
    "quote": pgettext_lazy("desk, reason of a file", "A quotation mark seems to be missing."),
    "bad_row": pgettext_lazy("desk, reason of a file", "A row of a table cannot be read."),
    "other_shape": pgettext_lazy("desk, reason of a file", "The file is not built as this kind of file is. Did you choose the right kind?"),
    "not_json": pgettext_lazy("desk, reason of a file", "The file is no valid JSON."),
    "one_language": pgettext_lazy("desk, reason of a file", "Both files are in the same language. Give one file for each language."),
    "no_sheet": pgettext_lazy("desk, reason of a file", "The workbook has no such sheet, or none that is visible."),
    "mapping": pgettext_lazy("desk, reason of a file", "What was said of the columns does not fit this file. Say it again."),
    "not_loaded": pgettext_lazy("desk, reason of a file", "Areas and needs are not loaded on this server yet. Tell whoever runs it."),
    "vanished": pgettext_lazy("desk, reason of a file", "Too many services of this source are missing in the file."),
    "wrong_number": pgettext_lazy("desk, reason of a file", "This kind takes another number of files."),
    "damaged": pgettext_lazy("desk, reason of a file", "The file is damaged, or cannot be opened. Save it again."),
}  # fmt: skip
PLACES: Mapping[str, Any] = {
    "record": pgettext_lazy("desk, place in a file", "record {number}"),
    "row": pgettext_lazy("desk, place in a file", "row {number}"),
    "line": pgettext_lazy("desk, place in a file", "line {number}"),
}
_OURS = ("service.", "location.", "organization.", "document.", "exception.")


def reason(text: str) -> SafeString:
    """Why a record waits or cannot be used. A sentence that nobody knows stays in the words in which it was kept."""
    return format_html_join(" ", "{}", ((_said(clause),) for clause in read(text))) if text else SafeString("")


def _said(clause: Clause) -> SafeString:
    words = str(REASONS.get(clause.code, ""))
    facts = {name: _bdi(value) for name, value in clause.facts.items()}
    if not words:
        return format_html('<span lang="en" dir="ltr">{}</span>', clause.facts.get("text", ""))
    said = _filled(words, **facts)
    if "value" in facts and "{value}" not in words:
        said = format_html("{}: {}", facts["value"], said)
    return format_html("{}: {}", _key(clause.where), said) if clause.where else said


def _key(key: str) -> Any:
    """A field, a column of a table or a key of the source."""
    if key.startswith("column "):
        letters, _, heading = key.removeprefix("column ").partition(" ")
        said = _filled(pgettext("desk, place in a file", "column {letters}"), letters=_bdi(letters))
        return format_html("{} {}", said, _bdi(heading)) if heading else said
    if key.startswith(_OURS):
        return field_name(".".join(part for part in key.split(".") if part not in registry.LANGUAGES))
    return FIELDS.get(key) or format_html('<bdi dir="ltr">{}</bdi>', key)


def _filled(words: Any, **facts: Any) -> SafeString:
    """Words of ours with what a file says in them. ``facts``: markup already, or numbers."""
    return mark_safe(escape(words).format_map(facts))  # noqa: S308 both are escaped


def _bdi(text: str) -> SafeString:
    return format_html("<bdi>{}</bdi>", text)


def of_file(text: str) -> Any:
    """Why a whole file is not used, with the place where that was met; "" when nobody knows the sentence."""
    found = read_file(text)
    if found.code not in FILES:
        return ""
    parts = [format_html("{}", FILES[found.code])]
    parts += [_filled(PLACES[name], number=found.facts[name]) for name in ("row", "line") if name in found.facts]
    if "character" in found.facts:
        parts.append(_filled(pgettext("desk, place in a file", "character {number}"), number=found.facts["character"]))
    return format_html_join(" · ", "{}", ((part,) for part in parts))


def place(text: str) -> Any:
    """Where a record stands in its file."""
    found = place_of(text)
    if not found.kind:
        return _bdi(text)
    parts = [_bdi(found.file)] if found.file else []
    parts.append(_filled(PLACES[found.kind], number=found.number))
    if found.line:
        parts.append(_filled(PLACES["line"], number=found.line))
    if found.service:
        parts.append(_filled(pgettext("desk, place in a file", "service {number}"), number=found.service))
    return format_html_join(" · ", "{}", ((part,) for part in parts))
