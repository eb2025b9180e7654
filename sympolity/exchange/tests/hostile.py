"""Hostile tables, made when they are asked for: name -> (what makes it, a part of the reason it is refused for)."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Callable
from io import BytesIO
from random import Random

from sympolity.exchange.tests.workbooks import MAIN, REL, cell, packed, parts, sheet

__all__ = ["CSV", "XLSX"]

_ROWS = [["Name", "Organization", "Notes"], ["Kitchen", "House", "x"]]
_HEAD = "".join(f"<row>{''.join(cell(at, 1, value) for at, value in enumerate(_ROWS[0]))}</row>")
_OPEN = f'<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="{MAIN}"><sheetData>'
_CLOSE = "</sheetData></worksheet>"
_FOREIGN = "http://example.com/"
_LAUGHS = "".join(f'<!ENTITY l{at} "{f"&l{at - 1};" * 10}">' for at in range(1, 10))
_LOL = f'<!DOCTYPE x [<!ENTITY l0 "lol">{_LAUGHS}]>'
_XXE = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
_DTD = f'<!DOCTYPE x SYSTEM "{_FOREIGN}x.dtd">'


def _sheet(body: str) -> bytes:
    return packed(parts({"A": body}))


def _with(**more: str | bytes) -> bytes:
    return packed(
        parts(
            {"A": sheet(_ROWS)},
            more={name.replace("__", "/").replace("_dot_", "."): body for name, body in more.items()},
        )
    )


def _typed(doctype: str, part: str) -> bytes:
    content = parts({"A": sheet(_ROWS)})
    body = str(content[part])
    at = body.index("?>") + 2 if body.startswith("<?xml") else 0
    return packed({**content, part: f"{body[:at]}{doctype}{body[at:]}"})


def _patched(flag: int = 0, method: int | None = None) -> bytes:
    """The directory says that the parts are encrypted, or packed in another way."""
    raw = bytearray(packed(parts({"A": sheet(_ROWS)})))
    at = raw.find(b"PK\x01\x02")
    while at >= 0:
        if flag:
            raw[at + 8] |= flag
        if method is not None:
            raw[at + 10 : at + 12] = struct.pack("<H", method)
        at = raw.find(b"PK\x01\x02", at + 1)
    return bytes(raw)


def _declared(sizes: dict[str, int]) -> bytes:
    """Parts of 300 kB that cannot be packed, declared to be larger."""
    noise = Random(7).randbytes(300_000)
    raw = bytearray(packed(parts({"A": sheet(_ROWS)}, more=dict.fromkeys(sizes, noise))))
    directory = raw.find(b"PK\x01\x02")
    for name, size in sizes.items():
        at = raw.find(name.encode(), directory) - 46
        raw[at + 24 : at + 28] = struct.pack("<L", size)
    return bytes(raw)


def _lying() -> bytes:
    """The directory says that a sheet of 10 MB has 900 bytes."""
    raw = bytearray(_sheet(_OPEN + _HEAD + "<row><c><v>1</v></c></row>" * 400_000 + _CLOSE))
    at = raw.find(b"xl/worksheets/sheet1.xml", raw.find(b"PK\x01\x02")) - 46
    raw[at + 24 : at + 28] = struct.pack("<L", 900)
    return bytes(raw)


def _many_entries(count: int) -> bytes:
    return packed(parts({"A": sheet(_ROWS)}, more={f"x/{at}": b"" for at in range(count)}), zipfile.ZIP_STORED)


def _overlapping() -> bytes:
    """A thousand entries that share one stream (as the bomb of David Fifield)."""
    raw = BytesIO()
    with zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in parts({"A": sheet(_ROWS)}).items():
            archive.writestr(name, body)
        archive.writestr("big", b"\0" * 900_000)
        big = archive.getinfo("big")
        for at in range(1000):
            twin = zipfile.ZipInfo(f"big{at}")
            for name in ("compress_type", "compress_size", "file_size", "CRC", "header_offset", "flag_bits"):
                setattr(twin, name, getattr(big, name))
            archive.filelist.append(twin)
    return raw.getvalue()


def _twice() -> bytes:
    raw = BytesIO(packed(parts({"A": sheet(_ROWS)})))
    with zipfile.ZipFile(raw, "a") as archive:
        twin = zipfile.ZipInfo("XL/worksheets/sheet1.xml".lower())
        archive.NameToInfo.clear()
        archive.writestr(twin, "<x/>")
    return raw.getvalue()


def _merges(count: int) -> bytes:
    spans = "".join(f'<mergeCell ref="A{at}:A{at + 1}"/>' for at in range(1, 2 * count, 2))
    return packed(parts({"A": sheet(_ROWS, after=f"<mergeCells>{spans}</mergeCells>")}))


def _strings(count: int, text: str = "a") -> bytes:
    return packed(parts({"A": sheet(_ROWS)}, strings=[f"<t>{text}{at}</t>" for at in range(count)]))


_BIG_CELL = '<row><c t="inlineStr"><is><t>{}</t></is></c></row>'
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 2000

XLSX: dict[str, tuple[Callable[[], bytes], str]] = {
    "entries": (lambda: _many_entries(3000), "more than 2,000 parts"),
    "overlap": (_overlapping, "Unpacked the file would have more than"),
    "zeros": (lambda: _with(media__x_dot_bin=b"\0" * 10_000_000), "times its size"),
    "sum": (lambda: _declared({f"x{at}": 30_000_000 for at in range(8)}), "Unpacked"),
    "ratio": (lambda: _sheet(_OPEN + _HEAD + " " * 10_000_000 + _CLOSE), "times its size"),
    "lies": (_lying, "damaged"),
    "filled cells": (lambda: _sheet(sheet([["a", *range(at, at + 10)] for at in range(14_000)])), "more than 150,000 cells"),
    "big sheet": (lambda: _declared({"xl/worksheets/sheet1.xml": 70_000_000}), "at most 60 MB"),
    "cells": (lambda: _sheet(_OPEN + _HEAD + "".join(f'<c s="{at % 977}"/>' for at in range(160_000)).join(("<row>", "</row>")) + _CLOSE), "more than 150,000 cells"),
    "rows": (lambda: _sheet(_OPEN + _HEAD + "".join(f"<row><c><v>{at}</v></c></row>" for at in range(31_000)) + _CLOSE), "more than 30,000 rows"),
    "columns": (lambda: _sheet(_OPEN + f"<row>{''.join(cell(at, 1, f'h{at}') for at in range(16_384))}</row>" + _CLOSE), "at most 200 columns"),
    "big cell": (lambda: _sheet(_OPEN + _HEAD + _BIG_CELL.format("abcdefg" * 20_000) + _CLOSE), "more than 32,767 characters"),
    "huge cell": (lambda: _sheet(_OPEN + _HEAD + _BIG_CELL.format("".join(map(str, range(500_000)))) + _CLOSE), "more than 32,767 characters"),
    "huge attribute": (lambda: _sheet(_OPEN + f'<row x="{"".join(map(str, range(300_000)))}"/>' + _CLOSE), "goes on for more than 1 MB"),
    "depth": (lambda: _sheet(_OPEN + "".join(f"<a{at}>" for at in range(100_000))), "marks that no workbook has"),
    "nested": (lambda: _sheet(_OPEN + "".join(f'<a b="{at}">' for at in range(300_000))), "marks that no table needs"),
    "strings": (lambda: _strings(120_000), "more than 100,000 different texts"),
    "long strings": (lambda: _strings(2000, "".join(chr(0x3B1 + at * at % 24) for at in range(8000))), "million characters"),
    "merges": (lambda: _merges(20_000), "merged cells"),
    "laughs in the sheet": (lambda: _typed(_LOL, "xl/worksheets/sheet1.xml"), "declares a document type"),
    "laughs in the strings": (lambda: _typed(_LOL, "xl/sharedStrings.xml"), "declares a document type"),
    "xxe in the workbook": (lambda: _typed(_XXE, "xl/workbook.xml"), "declares a document type"),
    "xxe in the relations": (lambda: _typed(_DTD, "_rels/.rels"), "declares a document type"),
    "macros": (lambda: _with(xl__vbaProject_dot_bin=b"x"), "macros"),
    "binary": (lambda: packed({**{k: v for k, v in parts({"A": ""}).items() if k != "xl/workbook.xml"}, "xl/workbook.bin": b"x"}), ".xlsb"),
    "ods": (lambda: packed({"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": "<x/>"}, zipfile.ZIP_STORED), ".ods"),
    "zip in zip": (lambda: packed({"inner.xlsx": packed(parts({"A": sheet(_ROWS)}))}), "no workbook"),
    "docx": (lambda: packed({"[Content_Types].xml": "<x/>", "word/document.xml": "<x/>"}), "no workbook"),
    "ole": (lambda: _OLE, "old workbook (.xls) or protected"),
    "html": (lambda: b"\xef\xbb\xbf<HTML><table><tr><td>Name</td></tr></table></HTML>", "web page"),
    "xml 2003": (lambda: b'<?xml version="1.0"?><Workbook/>', "web page or XML"),
    "text": (lambda: b"Name,Organization\nx,y\n", "no workbook"),
    "encrypted entries": (lambda: _patched(flag=1), "password"),
    "lzma": (lambda: _patched(method=14), "unusual way"),
    "cut": (lambda: packed(parts({"A": sheet(_ROWS)}))[:-30], "cut"),
    "cut in the middle": (lambda: packed(parts({"A": sheet(_ROWS)}))[:700], "cut"),
    "damaged": (lambda: packed(parts({"A": sheet(_ROWS)})).replace(b"PK\x01\x02", b"PK\x01\x03"), "damaged"),
    "broken xml": (lambda: _sheet(_OPEN + "<row><c></row>"), "is no XML"),
    "twice": (_twice, "same name"),
    "backwards": (lambda: _sheet(_OPEN + '<row r="5"/><row r="4"/>' + _CLOSE), "stands behind row 5"),
    "missing sheet": (lambda: packed({k: v for k, v in parts({"A": sheet(_ROWS)}).items() if "sheet1" not in k}), "is missing"),
    "empty": (lambda: _sheet(_OPEN + _CLOSE), "empty"),
    "no sheets": (lambda: packed(parts({})), "no sheet"),
    "outside": (lambda: packed({**parts({"A": sheet(_ROWS)}), "xl/_rels/workbook.xml.rels": f'<Relationships><Relationship Id="s1" Type="{REL}/worksheet" TargetMode="External" Target="{_FOREIGN}"/></Relationships>'}), "is missing"),
}  # fmt: skip


def _lines(body: str) -> bytes:
    return ("Name,Organization,Notes\r\nKitchen,House,x\r\n" + body).encode()


CSV: dict[str, tuple[Callable[[], bytes], str]] = {
    "cell of 50 MB": (lambda: _lines('K,H,"' + "x" * 50_000_000 + '"\n'), "characters"),
    "cell of many lines": (lambda: _lines('K,H,"' + "line of a cell\n" * 300_000), "Is a quote missing"),
    "line of 50 MB": (lambda: b"x" * 50_000_000, "characters"),
    "columns": (lambda: _lines(",".join(["x"] * 100_000) + "\n"), "at most 200"),
    "commas": (lambda: _lines(("," * 400_000 + "x\n") * 3), "at most 200"),
    "rows": (lambda: _lines("K,H,x\n" * 51_000), "more than 50,000 rows"),
    "nul": (lambda: _lines("K\x00,H,x\n"), "value 0"),
    "nul later": (lambda: _lines("K,H,x\n" * 2000 + "K\x00,H,x\n"), "value 0"),
    "utf-32": (lambda: "Name;Organization".encode("utf-32"), "UTF-32"),
    "pdf": (lambda: b"%PDF-1.7\n", "PDF"),
    "gzip": (lambda: b"\x1f\x8b\x08\0\0", "archive"),
    "workbook": (lambda: packed(parts({"A": sheet(_ROWS)})), "workbook"),
    "html": (lambda: b"<!DOCTYPE html><table></table>", "web page"),
    "json": (lambda: b'[{"name": 1}]', "JSON"),
    "noise": (lambda: bytes(at * 7919 % 251 + 1 for at in range(50_000)), "encoding"),
    "cyrillic": (lambda: "Название;Организация\nКухня для всех;Дом беженца\n".encode("cp1251"), "encoding"),
    "dos greek": (lambda: "Ονομασία;Φορέας\nΝομική βοήθεια;Δήμος\n".encode("cp737"), "encoding"),
    "cut": (lambda: _lines("Κουζίνα,Σπίτι,x").removesuffix(b",x")[:-1], "cut"),
    "mixed": (lambda: _lines("Κουζίνα,Σπίτι,x\n" * 3000) + "Κουζίνα,Σπίτι".encode("cp1253"), ""),
    "empty": (lambda: b"", "empty"),
    "blank": (lambda: b"\r\n \r\n,,\r\n", "empty"),
}  # fmt: skip
