"""Hostile pages of JSON, made when they are asked for: name -> (pieces of text, what becomes of it).

``what``: a part of the reason for which the whole file is refused; or of the fault of its first record, after "record: ".
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

__all__ = ["LISTS", "OBJECTS", "PAGES", "size"]

Pieces = Iterator[str]
_MB = 1_000_000
_FACE = "\U0001f600"  # four bytes, and twelve characters where it is escaped


def _repeated(begin: str, unit: str, bytes_: int, end: str) -> Callable[[], Pieces]:
    """``begin``, then ``unit`` again and again, then ``end``."""

    def pieces() -> Pieces:
        yield begin
        block = unit * max(1, 64_000 // len(unit))
        for _ in range(bytes_ // len(block.encode()) + 1):
            yield block
        yield end

    return pieces


def size(name: str) -> int:
    """How many bytes a value of these files has, for a name that tells it ("lists, 6 MB")."""
    return int(name.rpartition(",")[2].split()[0]) * _MB


# Values that stand where a record is expected: (beginning, unit, end, what).
_VALUES: dict[str, tuple[str, str, str, str]] = {
    "empty lists in a list, 6 MB": ("[", "[],", "1]", "parts"),
    "empty objects in a list, 6 MB": ("[", "{},", "1]", "parts"),
    "a record of empty lists, 6 MB": ('{"id":1,"name":"x","x":[', "[],", "1]}", "parts"),
    "a record of small objects, 6 MB": ('{"id":1,"name":"x","x":[', '{"a":1},', "1]}", "parts"),
    "a record of lists, 0 MB": ('{"id":1,"name":"x","x":[', "[]," * 21_000, "1]}", "record: parts"),
    "a record of numbers, 4 MB": ('{"id":1,"name":"x","x":[', "1,", "1]}", "record: parts"),
    "a record of numbers, 6 MB": ('{"id":1,"name":"x","x":[', "1,", "1]}", "record: million characters long"),
    "a record of words, 4 MB": ('{"id":1,"name":"x","x":[', '"ab",', "1]}", "record: parts"),
    "a record of keys, 4 MB": ('{"id":1,"name":"x"', ',"id":1', "}", "record: parts"),
    "a key of two values, 0 MB": ('{"id":1,"name":"x","id":2', " ", "}", "record: the key 'id' stands twice"),
    "lists in lists, 6 MB": ("", "[", "", "nested too deeply"),
    "objects in objects, 6 MB": ("", '{"a":', "", "nested too deeply"),
    "a number, 6 MB": ('{"id":', "9", "}", "record: million characters long"),
    "a fraction, 4 MB": ('{"id":1,"name":"x","lat":0.', "9", "}", "record: "),
    "digits, 6 MB": ("", "9", "", "number of more than 100,000 digits"),
    "a text, 6 MB": ('{"id":1,"name":"', "a", '"}', "record: million characters long"),
    "a text without end, 30 MB": ('{"id":1,"name":"', "a", "", "20 million characters"),
    "a text of faces, 4 MB": ('{"id":1,"name":"', _FACE, '"}', "record: "),
    "a text of faces, 6 MB": ('{"id":1,"name":"', _FACE, '"}', "record: million characters long"),
    "escaped faces, 4 MB": ('{"id":1,"name":"', "\\ud83d\\ude00", '"}', "record: "),
    "escapes, 6 MB": ('{"id":1,"name":"', '\\"', '"}', "record: million characters long"),
    "lone surrogates, 4 MB": ('{"id":1,"name":"', "\\ud83d", '"}', "record: "),
}  # fmt: skip
# Many records, each of them small: (unit, what).
_MANY: dict[str, tuple[str, str]] = {
    "lists, 6 MB": ("[],", "more than 50,000 records"),
    "numbers, 6 MB": ("1,", "more than 50,000 records"),
    "deep lists, 6 MB": ("[" * 900 + "]" * 900 + ",", "parts"),
    "rich records, 30 MB": ('{"id":1,"x":[' + "[]," * 30_000 + "1]},", "parts"),
}


def _of(around: tuple[str, str], kind: str) -> dict[str, tuple[Callable[[], Pieces], str]]:
    begin, end = around
    found = {
        f"{kind}: {name}": (_repeated(begin + first, unit, size(name), last + end), what)
        for name, (first, unit, last, what) in _VALUES.items()
    }
    return found | {
        f"{kind}: {name}": (_repeated(begin, unit, size(name), "1" + end), what) for name, (unit, what) in _MANY.items()
    }


PAGES = _of(('{"results":[', "]}"), "page") | {
    "page: blanks, 30 MB": (_repeated('{"results":[', " ", 30 * _MB, "]}"), ""),
    "page: keys, 6 MB": (_repeated("{", '"a":1,', 6 * _MB, '"results":[]}'), "more than 2,000 keys"),
    "page: long facts, 30 MB": (
        _repeated("{", f'"a":"{"b" * 60_000}",', 30 * _MB, '"results":[]}'),
        "",
    ),
    "page: a fact of lists, 6 MB": (_repeated('{"next":[', "[],", 6 * _MB, '1],"results":[]}'), "parts"),
    "page: after the end, 6 MB": (_repeated('{"results":[]}', "[],", 6 * _MB, ""), "after the end"),
}
LISTS = _of(("[", "]"), "list")
OBJECTS = {
    "object: keys, 6 MB": (_repeated('{"id":1,"name":"x"', ',"a":1', 6 * _MB, "}"), "more than 2,000 keys"),
    "object: lists, 6 MB": (_repeated('{"id":1,"name":"x","x":[', "[],", 6 * _MB, "1]}"), "parts"),
    "object: rich keys, 6 MB": (
        _repeated('{"id":1,"name":"x","status":"active"', f',"a":[{"[]," * 5_000}1]', 6 * _MB, "}"),
        "more than 200,000 parts",
    ),
    "lines: lists, 6 MB": (_repeated('{"id":1,"name":"x","status":"active"}\n', "[],", 6 * _MB, ""), "after the end"),
    "lines: empty objects, 6 MB": (_repeated("{}\n", "{}\n", 6 * _MB, ""), "Nothing in the file"),
    "lines: small objects, 6 MB": (
        _repeated("", '{"id":1,"name":"x","status":"y"}\n', 6 * _MB, ""),
        "more than 50,000 records",
    ),
    "tables: rows, 6 MB": (_repeated('{"services.csv":[', '{"id":1},', 6 * _MB, "1]}"), "more than 50,000 records"),
    "contents: rich records, 30 MB": (
        _repeated('{"contents":[', '{"id":1,"x":[' + "[]," * 30_000 + "1]},", 30 * _MB, "1]}"),
        "parts",
    ),
}
