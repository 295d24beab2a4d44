"""Names of the months in Thai, Lao and English, whole and short, as Unicode's CLDR gives them.

Django's own catalogues know no Lao, and a date is recognised in all three languages at once.
"""

MONTHS: dict[str, tuple[str, ...]] = {
    "th": (
        *("มกราคม", "กุมภาพันธ์", "มีนาคม", "เมษายน", "พฤษภาคม", "มิถุนายน"),
        *("กรกฎาคม", "สิงหาคม", "กันยายน", "ตุลาคม", "พฤศจิกายน", "ธันวาคม"),
    ),
    "lo": (
        *("ມັງກອນ", "ກຸມພາ", "ມີນາ", "ເມສາ", "ພຶດສະພາ", "ມິຖຸນາ"),
        *("ກໍລະກົດ", "ສິງຫາ", "ກັນຍາ", "ຕຸລາ", "ພະຈິກ", "ທັນວາ"),
    ),
    "en": (
        *("January", "February", "March", "April", "May", "June"),
        *("July", "August", "September", "October", "November", "December"),
    ),
}

SHORT_MONTHS: dict[str, tuple[str, ...]] = {
    "th": (
        *("ม.ค.", "ก.พ.", "มี.ค.", "เม.ย.", "พ.ค.", "มิ.ย."),
        *("ก.ค.", "ส.ค.", "ก.ย.", "ต.ค.", "พ.ย.", "ธ.ค."),
    ),
    "lo": (
        *("ມ.ກ.", "ກ.ພ.", "ມ.ນ.", "ມ.ສ.", "ພ.ພ.", "ມິ.ຖ."),
        *("ກ.ລ.", "ສ.ຫ.", "ກ.ຍ.", "ຕ.ລ.", "ພ.ຈ.", "ທ.ວ."),
    ),
    "en": tuple(name[:3] for name in MONTHS["en"]),
}

_BEGINNING = 3  # characters that fit one month only: Jan, Sept, มกรา, ພະຈ


def month_of(word: str) -> int | None:
    """The month 1-12 that `word` names, in any of the languages; None if none.

    Takes whole names, short names with or without dots, and beginnings of three characters.
    """
    spoken = _bare(word)
    for number, names in enumerate(zip(*MONTHS.values(), strict=True), 1):
        short = (_bare(names_in[number - 1]) for names_in in SHORT_MONTHS.values())
        begun = len(spoken) >= _BEGINNING and any(_bare(n).startswith(spoken) for n in names)
        if begun or spoken in short:
            return number
    return None


def _bare(word: str) -> str:
    return word.replace(".", "").replace(" ", "").casefold()
