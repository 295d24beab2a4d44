"""Thai holidays in Lao, under the English names of the package `holidays`, which has no Lao."""

_IN_LIEU = " (in lieu)"

_LAO = {
    "Asarnha Bucha": "ວັນອາສານຫະບູຊາ",
    "Bridge Public Holiday": "ວັນພັກພິເສດ",
    "Buddhist Lent Day": "ວັນເຂົ້າພັນສາ",
    "Chakri Memorial Day": "ວັນລະນຶກມະຫາຈັກກີບໍລົມມະລາຊະວົງ",
    "Constitution Day": "ວັນລັດຖະທຳມະນູນ",
    "Coronation Day": "ວັນສັດມົງຄົນ",
    "HM King Bhumibol Adulyadej Memorial Day": "ວັນນະວະມິນທະລະມະຫາລາດ",
    "HM King Bhumibol Adulyadej the Great's Birthday": "ວັນຄ້າຍວັນສະເຫຼີມພະຊົນມະພັນສາ ລັດຊະການທີ 9",
    "HM King Chulalongkorn Memorial Day": "ວັນປິຍະມະຫາລາດ",
    "HM King Maha Vajiralongkorn's Birthday": "ວັນສະເຫຼີມພະຊົນມະພັນສາ ລັດຊະການທີ 10",
    "HM Queen Sirikit The Queen Mother's Birthday": "ວັນສະເຫຼີມພະຊົນມະພັນສາ ສົມເດັດພະບໍລົມມະລາຊະຊົນນະນີພັນປີຫຼວງ",
    "HM Queen Suthida's Birthday": "ວັນສະເຫຼີມພະຊົນມະພັນສາ ສົມເດັດພະບໍລົມມະລາຊິນີ",
    "Makha Bucha": "ວັນມາຄະບູຊາ",
    "National Children's Day": "ວັນເດັກແຫ່ງຊາດ",
    "National Day": "ວັນຊາດ",
    "National Father's Day": "ວັນພໍ່ແຫ່ງຊາດ",
    "National Labor Day": "ວັນແຮງງານແຫ່ງຊາດ",
    "National Mother's Day": "ວັນແມ່ແຫ່ງຊາດ",
    "New Year's Day": "ວັນປີໃໝ່ສາກົນ",
    "New Year's Eve": "ວັນສົ່ງທ້າຍປີເກົ່າ",
    "Royal Ploughing Ceremony": "ວັນພືດມົງຄົນ",
    "Songkran Festival": "ບຸນສົງການ",
    "Visakha Bucha": "ວັນວິສາຂະບູຊາ",
}


def in_lao(english: str) -> str:
    """The Lao names of a day, several joined by "; " like `english`; nothing for an unknown one."""
    names = [_one(name) for name in english.split("; ")]
    return "; ".join(names) if all(names) else ""


def _one(english: str) -> str:
    name = _LAO.get(english.removesuffix(_IN_LIEU), "")
    return f"ພັກຊົດເຊີຍ{name}" if name and english.endswith(_IN_LIEU) else name
