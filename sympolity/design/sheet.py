"""Sample data of the component page: every part and state in English, Greek and Arabic side by side.

The page is for builders and is served only in debug mode. Its people and numbers are invented;
the Greek and Arabic words were not read by a native speaker.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

__all__ = ["SECTIONS", "context"]

_LANGS = (("en", "ltr"), ("el", "ltr"), ("ar", "rtl"))
SECTIONS = (
    ("type", "Type and links"),
    ("buttons", "Buttons"),
    ("search", "Search, chips and folds"),
    ("errors", "Error summary and fields"),
    ("states", "States"),
    ("card", "A result and its facts"),
    ("notes", "Notices"),
    ("words", "Words in another language"),
    ("tables", "Table, crumbs and pages"),
    ("time", "Timeline and progress"),
    ("empty", "Empty state"),
    ("tongues", "Language grid"),
)
_TONGUES = (
    ("el", "Ελληνικά", "ltr"), ("en", "English", "ltr"), ("fr", "Français", "ltr"),
    ("ar", "العربية", "rtl"), ("fa", "فارسی", "rtl"), ("ur", "اردو", "rtl"),
)  # fmt: skip
# name: English, Greek, Arabic
_WORDS = {
    "heading": ("A heading speaks", "Ο τίτλος μιλάει", "العنوان يتكلم"),
    "prose": (
        "Facts are set in the plain face: quiet, wide, easy to read on a small cracked screen.",
        "Τα στοιχεία γράφονται απλά: ήσυχα, καθαρά, για να διαβάζονται και σε μια μικρή ραγισμένη οθόνη.",
        "الحقائق تُكتب بخط بسيط: هادئ وواضح، يسهل قراءته على شاشة صغيرة مكسورة.",
    ),
    "link": ("A link in a sentence", "Ένας σύνδεσμος σε πρόταση", "رابط داخل جملة"),
    "save": ("Save", "Αποθήκευση", "احفظ"),
    "back": ("Back", "Πίσω", "رجوع"),
    "delete": ("Delete", "Διαγραφή", "احذف"),
    "sending": ("Sending…", "Αποστολή…", "جارٍ الإرسال…"),
    "free": ("Free", "Δωρεάν", "مجانًا"),
    "women": ("Women only", "Μόνο για γυναίκες", "للنساء فقط"),
    "filters": ("Filters", "Φίλτρα", "مرشحات"),
    "short": ("The number is one digit short.", "Λείπει ένα ψηφίο από τον αριθμό.", "ينقص الرقم خانة واحدة."),
    "choose": ("Choose at least one language", "Επιλέξτε τουλάχιστον μία γλώσσα", "اختر لغة واحدة على الأقل"),
    "phone": ("Phone of the service", "Τηλέφωνο της υπηρεσίας", "هاتف الخدمة"),
    "digits": (
        "With country code. Any digits are fine: ٠–٩ or 0–9.",
        "Με κωδικό χώρας. Όλα τα ψηφία είναι δεκτά: ٠–٩ ή 0–9.",
        "مع رمز البلد. كل الأرقام مقبولة: ٠–٩ أو 0–9.",
    ),
    "language": ("Language", "Γλώσσα", "اللغة"),
    "agree": ("I agree that partners see this", "Συμφωνώ να το βλέπουν οι συνεργάτες", "أوافق أن يراه الشركاء"),
    "paper": ("Add a photo or a paper", "Προσθέστε φωτογραφία ή έγγραφο", "أضف صورة أو ورقة"),
    "open": ("Open now", "Ανοιχτό τώρα", "مفتوح الآن"),
    "later": ("Opens at 12:00", "Ανοίγει στις 12:00", "يفتح الساعة 12:00"),
    "closed": ("Closed now", "Κλειστό τώρα", "مغلق الآن"),
    "call": ("Call first", "Τηλεφωνήστε πρώτα", "اتصل أولًا"),
    "stop": ("Being checked", "Ελέγχεται", "قيد التحقق"),
    "waiting": ("Waiting list", "Λίστα αναμονής", "قائمة انتظار"),
    "name": ("Free legal help with asylum papers", "Δωρεάν νομική βοήθεια για το άσυλο", "مساعدة قانونية مجانية في أوراق اللجوء"),
    "confirmed": ("Confirmed 12 November by the organization", "Επιβεβαιώθηκε στις 12 Νοεμβρίου", "أكدته المنظمة في 12 نوفمبر"),
    "near": ("450 m, Omonia", "450 μ., Ομόνοια", "450 م، أومونيا"),
    "know": ("Good to know", "Καλό να ξέρετε", "من الجيد أن تعرف"),
    "know_more": ("Offices are closed on 17 November.", "Τα γραφεία είναι κλειστά στις 17 Νοεμβρίου.", "المكاتب مغلقة في 17 نوفمبر."),
    "saved": ("Saved", "Αποθηκεύτηκε", "تم الحفظ"),
    "saved_more": ("Your hours are online.", "Το ωράριό σας δημοσιεύτηκε.", "ساعات عملك منشورة."),
    "careful": ("Careful", "Προσοχή", "انتبه"),
    "careful_more": ("Not confirmed since August.", "Χωρίς επιβεβαίωση από τον Αύγουστο.", "لم يؤكَّد منذ أغسطس."),
    "halt": ("Stop", "Σταματήστε", "توقف"),
    "halt_more": ("This record was reported twice.", "Η εγγραφή αναφέρθηκε δύο φορές.", "أُبلغ عن هذا السجل مرتين."),
    "city": ("City", "Πόλη", "المدينة"),
    "services": ("Services", "Υπηρεσίες", "الخدمات"),
    "athens": ("Athens", "Αθήνα", "أثينا"),
    "chania": ("Chania", "Χανιά", "خانيا"),
    "submitted": ("Submitted", "Υποβλήθηκε", "قُدّم"),
    "under_way": ("Under way", "Σε εξέλιξη", "قيد التنفيذ"),
    "result": ("Result", "Αποτέλεσμα", "النتيجة"),
    "nothing": ("No activities this week", "Καμία δραστηριότητα αυτή την εβδομάδα", "لا أنشطة هذا الأسبوع"),
    "tell": ("Ask to be told when there is one.", "Ζητήστε να μάθετε όταν υπάρξει.", "اطلب أن نخبرك عند وجود نشاط."),
    "tell_me": ("Tell me", "Ειδοποιήστε με", "أخبرني"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Sample:
    body: str
    lang: str
    dir: str
    outdated: bool = False
    machine: bool = False


_FOREIGN = (
    _Sample("Aide juridique gratuite", "fr", "ltr", machine=True),
    _Sample("کمک حقوقی رایگان", "fa", "rtl", outdated=True),
    _Sample("Καλημέρα.\nΖητώ βοήθεια.\n\nΜιλάω αραβικά.", "el", "ltr"),
)


def context() -> dict[str, Any]:
    """What ``design/components.html`` needs beside the context of every page."""
    sections = [{"id": key, "title": title, "template": f"design/sheet/{key}.html"} for key, title in SECTIONS]
    return {"sections": sections, "columns": [_column(n, *row) for n, row in enumerate(_LANGS)], "example": True}


def _column(place: int, lang: str, direction: str) -> dict[str, Any]:
    words = {name: said[place] for name, said in _WORDS.items()}
    return {
        "lang": lang,
        "dir": direction,
        "w": words,
        "phone": "+30 000 000 0001",
        "states": [(state, words[state]) for state in ("open", "later", "closed", "call", "stop", "waiting")],
        "chips": [
            {"label": words["free"], "url": "#main", "count": 6},
            {"label": words["women"], "url": "#main", "on": True},
        ],
        "facts": [{"icon": "map-pin", "text": words["near"]}, {"icon": "phone", "text": "+30 000 000 0001", "ltr": True}],
        "kv": [{"icon": "coins", "name": words["free"], "value": words["women"]}],
        "crumbs": [
            {"label": words["athens"], "url": "#main"}, {"label": words["services"], "url": "#main"}, {"label": words["name"]},
        ],
        "pages": [{"label": "1", "url": "#main", "current": True}, {"label": "2", "url": "#main"}, {}, {"label": "9", "url": "#main"}],
        "errors": [{"id": f"bad-{lang}", "text": words["short"]}, {"id": f"lang-{lang}", "text": words["choose"]}],
        "ids": {"good": f"good-{lang}", "bad": f"bad-{lang}", "lang": f"lang-{lang}", "agree": f"agree-{lang}",
                "paper": f"paper-{lang}", "errors": f"errors-{lang}", "q": f"q-{lang}"},
        "options": [{"value": code, "label": name, "lang": code, "dir": way, "selected": code == lang} for code, name, way in _TONGUES],
        "tongues": [{"code": code, "name": name, "dir": way, "url": "#main", "current": code == lang} for code, name, way in _TONGUES],
        "foreign": _FOREIGN,
    }  # fmt: skip
