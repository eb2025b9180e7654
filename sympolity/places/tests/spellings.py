"""How people write the member municipalities: each spelling must find exactly that area first.

Where it can be, a spelling is one that does not stand in the file: other case, no accents,
Greeklish, a mistake, words around the name, another keyboard.
"""

from __future__ import annotations

SPELLINGS: dict[str, tuple[str, ...]] = {
    "athens": (
        "Athens", "ATHENS", "αθηνα", "ΑΘΗΝΑ", "Αθήνας", "αθηνων", "Αθήναι", "ΔΗΜΟΣ ΑΘΗΝΑΙΩΝ", "Δήμος Αθήνας", "athina",
        "a8hna", "athinwn", "στην Αθήνα", "Athens, Greece", "municipality of athens", "City of Athens", "Athenes",
        "Athènes", "أثينا", "اثينا", "أثينــا", "بلدية أثينا", "في أثينا", "آتن", "اتن", "Athnes", "Ahtens",
    ),
    "thessaloniki": (
        "Thessaloniki", "thess", "thessaloníki", "θεσσαλονικη", "ΘΕΣΣΑΛΟΝΙΚΗ", "Θεσσαλονίκης", "Θεσ/νίκη", "θεσνικη",
        "8essalonikh", "thessalonikh", "Thesaloniki", "Tessaloniki", "Thessalonki", "Thesalonki", "Θεσαλονίκη",
        "Salonica", "salonika", "Salonique", "Selanik", "Δήμος Θεσσαλονίκης", "سالونيك", "سالونیک", "تسالونيكي",
        "تسالونیکی", "ثيسالونيكي", "بلدية ثيسالونيكي",
    ),
    "piraeus": (
        "Piraeus", "pireas", "peiraias", "Πειραιάς", "πειραιας", "ΠΕΙΡΑΙΑΣ", "Πειραιά", "Πειραιώς", "πειραιευς",
        "Δήμος Πειραιά", "στον Πειραιά", "Le Pirée", "Pireus", "Piraues", "Peiraeus", "بيرايوس", "بيريوس", "بلدية بيرايوس",
        "پیرئوس", "peiraia",
    ),
    "heraklion": (
        "Heraklion", "HERAKLION", "Ηράκλειο", "ηρακλειο", "Ηρακλείου", "Ηράκλειον", "Ηράκλειο Κρήτης", "Heraklion Crete",
        "hrakleio", "irakleio", "iraklio kritis", "Iraklion", "Heraclion", "Herakleion", "Héraklion", "Heraklio",
        "Δήμος Ηρακλείου", "Heraklion, Greece", "هيراكليون", "إيراكليو", "بلدية هيراكليون", "هراکلیون",
    ),
    "chania": (
        "Chania", "Hania", "xania", "Khania", "Χανιά", "χανια", "Χανίων", "Δήμος Χανίων", "στα Χανιά", "Chania Crete",
        "Χανιά Κρήτης", "La Canée", "Canea", "خانيا", "خانیا", "بلدية خانيا",
    ),
    "delta": (
        "Delta", "DELTA", "Δέλτα", "δελτα", "Δήμος Δέλτα", "dimos delta", "Σίνδος", "sindos", "Σίνδου", "دلتا", "بلدية دلتا",
        "Municipality of Delta",
    ),
    "agios-dimitrios": (
        "Agios Dimitrios", "agios dimitris", "Άγιος Δημήτριος", "αγιος δημητριος", "Αγίου Δημητρίου", "Δήμος Αγίου Δημητρίου",
        "Αγ. Δημήτριος", "Ag. Dimitrios", "Aghios Dimitrios", "Ayios Dimitrios", "agios dhmhtrios", "Μπραχάμι", "mprahami",
        "brahami", "Agios Dimitrios Attica", "أغيوس ديميتريوس", "اغيوس ديميتريوس", "آگیوس دیمیتریوس", "Agios Dimitros",
    ),
    "ioannina": (
        "Ioannina", "Ιωάννινα", "ιωαννινα", "Ιωαννίνων", "Δήμος Ιωαννιτών", "Γιάννενα", "γιαννενα", "giannena", "Yannena",
        "Giannina", "Janina", "iwannina", "Ioanina", "στα Γιάννενα", "يوانينا", "إيوانينا", "یوآنینا", "بلدية يوانينا",
    ),
    "kalamaria": (
        "Kalamaria", "KALAMARIA", "Καλαμαριά", "καλαμαρια", "Καλαμαριάς", "Δήμος Καλαμαριάς", "Kalamarya", "Calamaria",
        "kalamariá", "Kalamria", "كالاماريا", "کالاماریا", "بلدية كالاماريا",
    ),
    "karditsa": (
        "Karditsa", "Καρδίτσα", "καρδιτσα", "Καρδίτσας", "Δήμος Καρδίτσας", "karditsas", "Kardhitsa", "Kardtisa",
        "كارديتسا", "کاردیتسا", "بلدية كارديتسا", "Municipality of Karditsa",
    ),
    "katerini": (
        "Katerini", "Κατερίνη", "κατερινη", "Κατερίνης", "Δήμος Κατερίνης", "katerinh", "Katerni", "Caterini", "Kateriny",
        "كاتيريني", "کاترینی", "كاتريني", "بلدية كاتيريني",
    ),
    "larissa": (
        "Larissa", "Larisa", "Λάρισα", "λαρισα", "ΛΑΡΙΣΑ", "Λάρισας", "Λαρίσης", "Δήμος Λαρισαίων", "Δήμος Λάρισας", "Λάρισσα",
        "Larrisa", "Larissas", "لاريسا", "لاریسا", "بلدية لاريسا", "Larissa Thessaly",
    ),
    "livadia": (
        "Livadia", "Livadeia", "Levadeia", "leivadia", "Λιβαδειά", "λιβαδια", "Λειβαδιά", "Λεβάδεια", "Λεβάδειας",
        "Λιβαδειάς", "Δήμος Λεβαδέων", "Lebadeia", "libadeia", "ليفاديا", "لیوادیا", "بلدية ليفاديا",
    ),
    "neapoli-sykees": (
        "Neapoli - Sykees", "Neapoli-Sykies", "neapoli", "sykies", "sikies", "Sykees", "Νεάπολη", "νεαπολη", "Συκιές",
        "συκιες", "Νεάπολη – Συκιές", "Νεάπολη-Συκιές", "Δήμος Νεάπολης - Συκεών", "Συκέαι", "Νεάπολη Θεσσαλονίκης",
        "نيابولي", "سيكيس", "نيابولي - سيكيس", "نئاپولی",
    ),
    "nea-filadelfeia": (
        "Nea Filadelfeia", "Nea Filadelfia", "Nea Philadelphia", "Νέα Φιλαδέλφεια", "νεα φιλαδελφεια", "Νέας Φιλαδέλφειας",
        "Νέα Χαλκηδόνα", "Nea Chalkidona", "nea xalkhdona", "Nea Halkidona", "Ν. Φιλαδέλφεια", "filadelfeia",
        "Δήμος Φιλαδέλφειας - Χαλκηδόνος", "Νέα Φιλαδέλφεια - Νέα Χαλκηδόνα", "Δήμος Νέας Φιλαδέλφειας",
        "نيا فيلادلفيا", "فيلادلفيا", "نيا خالكيدونا", "نئا فیلادلفیا",
    ),
    "tilos": (
        "Tilos", "Telos", "TILOS", "Τήλος", "τηλος", "Τήλου", "Δήμος Τήλου", "thlos", "στην Τήλο", "Tilos island",
        "Μεγάλον Χωρίον", "Νήσος Τήλος", "تيلوس", "تیلوس", "جزيرة تيلوس", "بلدية تيلوس",
    ),
    "trikala": (
        "Trikala", "TRIKALA", "Τρίκαλα", "τρικαλα", "Τρικάλων", "Δήμος Τρικκαίων", "Δήμος Τρικάλων", "Trikkala", "trikalwn",
        "Trikla", "Tricala", "στα Τρίκαλα", "تريكالا", "تریکالا", "بلدية تريكالا",
    ),
    "tripoli": (
        "Tripoli", "Tripolis", "Τρίπολη", "τριπολη", "Τρίπολης", "Τριπόλεως", "Τρίπολις", "Δήμος Τρίπολης", "tripolh",
        "Tripoly", "Tripoli Greece", "Tripoli, Peloponnese", "تريبولي", "تريبوليس", "تریپولی", "بلدية تريبولي",
    ),
}  # fmt: skip
