"""Opening hours as people write them, where they are certain, in the notation of OpenStreetMap.

"Δευτέρα - Παρασκευή 09:00-17:00", "Mon–Fri 9am–5pm", "الأحد - الخميس 9:00 - 15:00". A word that is not
known makes the whole uncertain: then nothing is said, rather than something wrong.
"""

from __future__ import annotations

import re
from functools import cache

from babel import Locale

from sympolity.kit.fold import fold
from sympolity.kit.hours import BadHours, check

__all__ = ["in_osm"]

_DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
_OSM = re.compile(r"^[A-Za-z0-9:;,+|\" \[\]/-]+$")
_OSM_WORDS = frozenset({*_DAYS, "PH", "off", "closed", "open", "unknown", "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"})  # fmt: skip
_TOKEN = re.compile(r"\d{1,2}[:.]\d{2}|\d{1,2}(?!\d)|[^\W\d_]+(?:\.[^\W\d_]+)*|[-;,/&\n]")
_DASHES = re.compile("[\u2010-\u2015\u2212~]")
_DIGITS = {base + digit: str(digit) for base in (0x0660, 0x06F0) for digit in range(10)}
_RULE = re.compile(
    r"^(?P<days>(?:Mo|Tu|We|Th|Fr|Sa|Su)(?:[-,](?:Mo|Tu|We|Th|Fr|Sa|Su))*)? ?"
    r"(?P<times>\d\d:\d\d-\d\d:\d\d(?:,\d\d:\d\d-\d\d:\d\d)*|off)$"
)
_FRENCH = re.compile(r"\b(\d{1,2})\s?[hH](\d{2})?\b")
_EVERY_DAY = re.compile(r"\b(?:every day|tous les jours)\b", re.IGNORECASE)
_EARLIEST = "06:00"  # what seems to begin earlier may be the afternoon: 1-5
_LONG = 200
_BETWEEN = {"-", "to", "till", "until", "εως", "μεχρι", "ως", "الى", "حتي", "a", "au", "jusqua", "through"}
_AND = {",", "and", "και", "&", "et", "/", "و"}
_EMPTY = {"from", "απο", "τις", "στις", "ωρες", "ωρα", "من", "الساعه", "de", "du", "h", "hours", "daily only", "at"}
# Not "καθημερινά": it is said of every day and of working days.
_DAILY = {"daily", "يوميا"}
_WEEKDAYS = {"weekdays"}
_OFF = {"closed", "κλειστα", "κλειστο", "مغلق", "ferme", "off"}
_AM = {"am", "a.m", "πμ", "π.μ", "ص", "صباحا"}
_PM = {"pm", "p.m", "μμ", "μ.μ", "م", "مساء"}
_ALWAYS = {
    "24/7",
    "24 hours",
    "24 ωρες",
    "24ωρο",
    "24 ωρες/7 ημερες",
    "24 ساعه",
    "24h/24",
    "round the clock",
    "24 hours a day",
}


def in_osm(text: str) -> str:
    """The hours in OSM notation, normal form; "" when they are not certain."""
    plain = _DASHES.sub("-", text.translate(_DIGITS)).strip()
    if not plain or len(plain) > _LONG:
        return ""
    if " ".join(fold(plain).split()).strip(" .") in {fold(word) for word in _ALWAYS}:
        return "24/7"
    for said in (plain if _is_osm(plain) else "", _translated(plain)):
        try:
            found = check(said)
        except BadHours:
            continue
        if found:
            return found
    return ""


def _is_osm(text: str) -> bool:
    """True when every word is one of the notation and there are hours of two digits."""
    found = re.findall(r"[A-Za-z]+", re.sub(r'"[^"]*"', "", text))
    hours = re.search(r"\b\d{2}:\d{2}-\d{2}:\d{2}\b", text)
    return bool(_OSM.match(text)) and bool(hours) and all(word in _OSM_WORDS for word in found)


@cache
def _day_names() -> dict[str, str]:
    """Folded names of days in four languages -> OSM."""
    found: dict[str, str] = {}
    for code in ("en", "el", "fr", "ar"):
        days = Locale(code).days
        for form in ("format", "stand-alone"):
            for width in ("wide", "abbreviated", "short"):
                for number, name in days[form].get(width, {}).items():
                    key = fold(name).strip(".")
                    found.setdefault(key, _DAYS[number])
                    found.setdefault(key.removeprefix("ال"), _DAYS[number])
    more = {"tues": "Tu", "thur": "Th", "thurs": "Th", "weds": "We", "σαβ": "Sa", "κυρ": "Su", "παρ": "Fr", "δευ": "Mo", "τετ": "We",
            "πεμ": "Th", "τρι": "Tu", "الاثنين": "Mo", "الاحد": "Su", "mondays": "Mo", "fridays": "Fr", "sundays": "Su",
            "saturdays": "Sa"}  # fmt: skip
    return found | more


def _translated(text: str) -> str:
    """Words into the notation; "" at the first thing that is not understood."""
    folded = fold(_joined_phrases(text))
    left = _TOKEN.sub("", folded).replace(":", "").replace(".", "").replace("(", "").replace(")", "")
    if left.strip():
        return ""
    out: list[str] = []
    for token in _TOKEN.findall(folded):
        said = _token(token.strip("."), out)
        if said is None:
            return ""
        out.append(said)
    return _ruled([token for token in out if token])


def _joined_phrases(text: str) -> str:
    text = _FRENCH.sub(lambda match: f"{match[1]}:{match[2] or '00'}", text)
    return _EVERY_DAY.sub("daily", text)


def _token(token: str, before: list[str]) -> str | None:
    """A token in the notation, "" when it says nothing, None when it is not understood."""
    fixed = {"\n": ";", ";": ";", **dict.fromkeys(_BETWEEN, "-"), **dict.fromkeys(_AND, ","), **dict.fromkeys(_EMPTY, ""),
             **dict.fromkeys(_DAILY, "Mo-Su"), **dict.fromkeys(_WEEKDAYS, "Mo-Fr"), **dict.fromkeys(_OFF, "off")}  # fmt: skip
    if token[:1].isdigit():
        hour, _, minute = token.replace(".", ":").partition(":")
        well = int(hour) <= 24 and int(minute or 0) < 60
        return f"{int(hour):02}:{minute or '00'}" if well else None
    if token in _day_names():
        return _day_names()[token]
    if token in _AM | _PM:
        return _half(token in _PM, before)
    return fixed.get(token)


def _half(afternoon: bool, before: list[str]) -> str | None:
    """Put the last time into its half of the day."""
    if not before or ":" not in before[-1]:
        return None
    hour = int(before[-1][:2])
    if not 1 <= hour <= 12:
        return "" if afternoon and hour > 12 else None
    before[-1] = f"{hour % 12 + (12 if afternoon else 0):02}{before[-1][2:]}"
    return ""


def _ruled(tokens: list[str]) -> str:
    """Rules "days times", cut where days follow times; "" when one is anything else."""
    rules: list[list[str]] = [[]]
    for part in tokens:
        timed = any(":" in one or one == "off" for one in rules[-1])
        if part == ";" or (timed and part[:2] in _DAYS):
            if rules[-1] and rules[-1][-1] == ",":
                rules[-1].pop()
            rules.append([] if part == ";" else [part])
        else:
            rules[-1].append(part)
    said = [_one(rule) for rule in rules if rule]
    whole = said and all(_RULE.match(rule) for rule in said)
    # Days without hours, hours without days beside others: who knows what is meant.
    days = [rule for rule in said if rule[:2] in _DAYS]
    return "; ".join(said) if whole and (len(days) == len(said) or len(said) == 1) and _rising(said) else ""


def _one(rule: list[str]) -> str:
    text = ""
    for part in rule:
        space = text and text[-1].isalpha() and (part[0].isdigit() or part == "off")
        # Two times with nothing between them are two spans, if at all: let the pattern refuse it.
        text += (" " if space else "") + part
    return text.replace(",off", " off").strip(",")


def _rising(rules: list[str]) -> bool:
    """True when each span begins in the day and ends after it begins: 9-5 may mean 17:00, 1-5 the afternoon."""
    spans = re.findall(r"(\d\d:\d\d)-(\d\d:\d\d)", " ".join(rules))
    return all(_EARLIEST <= first < last for first, last in spans)
