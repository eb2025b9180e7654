"""Small pages in the shape of Signpost v2, made up."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

LEGAL = {"id": 5, "name": "Servicios Jurídicos", "name_en": "Legal services", "name_es": "Servicios Jurídicos"}
FOOD = {"id": 6, "name": "Alimento", "name_en": "Food", "name_es": "Alimento"}


def a_record(number: int, **more: Any) -> dict[str, Any]:
    """A good record: a kitchen in a town of its own, each at its own point."""
    return {
        "id": number, "status": "current", "update_of": None,
        "name": f"Comedor {number}", "name_es": f"Comedor {number}", "name_en": f"Kitchen {number}", "name_ar": "",
        "provider": {"id": number % 3, "name": f"Casa {number % 3}", "name_es": f"Casa {number % 3}"},
        "region": {"id": 1, "name": "Villa Clara"},
        "type": FOOD, "types": [FOOD],
        "address": f"Calle {number}", "address_es": f"Calle {number}", "address_city": "Villa Clara",
        "location": {"type": "Point", "coordinates": [-89.2 + number / 1000, 13.7]},
    } | more  # fmt: skip


def a_page(*records: Any, **more: Any) -> dict[str, Any]:
    return {"count": len(records), "next": None, "previous": None, "results": list(records)} | more


def written(folder: Path, page: Any, name: str = "page.json") -> Path:
    path = folder / name
    path.write_text(page if isinstance(page, str) else json.dumps(page), encoding="utf-8")
    return path
