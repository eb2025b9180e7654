"""Small lists in the shape of Services Advisor, made up."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

FLAGS = {
    "3. Intake Criteria": {"Woman at risk": True, "Disability": False},
    "4. Accessibility": {"Walk-in": True},
    "6. Availability": {"Every Day": True},
    "7. Availability Day": {"Sun-Thurs": True},
    "8. Office Open at": {"8:30am": True},
    "9. Office close at": {"Close at 16:00pm": True},
    "1. Registration Type Requirement": {"UNHCR ASC": True},
    "2. Nationality": {"No restriction": True},
    "Referral required": "No",
}
ARABIC = {
    "3. معايير القبول": {"امرأة في خطر": True},
    "4. القدرة على الوصول": {"الخدمة متوفرة لكل من يطلبها": True},
    "1. متطلب نوع التسجيل": {"وثيقة طلب اللجوء": True},
}


def a_feature(number: int, **more: Any) -> dict[str, Any]:
    """A class in a town of its own, each at its own point, over long ago."""
    properties = {
        "locationName": f"Town {number}", "partnerName": f"Aid {number % 3}", "activity": 5575, "activityCategory": "EDUCATION",
        "activityName": "Education opportunities", "startDate": "2014-01-01", "endDate": "2014-12-31", "indicators": {"Tutoring": 1},
    }  # fmt: skip
    point = {"type": "Point", "coordinates": [35.7 + number / 100, 32.0]}
    return {"type": "Feature", "id": number, "properties": properties | more, "geometry": point}


def in_arabic(number: int, **more: Any) -> dict[str, Any]:
    """The same in Arabic."""
    words = {
        "locationName": f"بلدة {number}", "activityCategory": "التعليم", "activityName": "فرص التعليم",
        "indicators": {"دروس تقوية": 1},
    }  # fmt: skip
    return a_feature(number, **words | more)


def written(folder: Path, rows: Any, name: str) -> Path:
    path = folder / name
    path.write_text(json.dumps(rows, ensure_ascii=False), encoding="utf-8")
    return path
