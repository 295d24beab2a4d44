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

_SHORTEST_PREFIX = 3  # Jan, Sept, มกรา, ພະຈ; what is shorter stands among the short names


def month_of(word: str) -> int | None:
    """The month 1-12 that `word` names, in any of the languages; None if none or several.

    Takes whole names, short names with or without dots, and a beginning that fits one only.
    """
    spoken = _bare(word)
    for number, names in enumerate(zip(*MONTHS.values(), *SHORT_MONTHS.values(), strict=True), 1):
        if spoken in map(_bare, names):
            return number
    begun = {
        number
        for names in MONTHS.values()
        for number, name in enumerate(names, 1)
        if len(spoken) >= _SHORTEST_PREFIX and _bare(name).startswith(spoken)
    }
    return begun.pop() if len(begun) == 1 else None


def _bare(word: str) -> str:
    return word.replace(".", "").replace(" ", "").casefold()
