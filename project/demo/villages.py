"""Villages of Loei for the demonstration: invented, as many per district as the table says.

The published list of Thai villages names no licence (handbook 3.3), so names and numbers here are
made up: a word for the land and a word for what stands on it. Every village is marked invented.
"""

import csv
from collections.abc import Iterator
from pathlib import Path

import geothai

from cases.territory import Unit

LOEI_FUNDS = Path(__file__).resolve().parents[2] / "fixtures" / "loei_funds.csv"
"""The district table of handbook 6.1; fixtures/README.md says where it comes from."""

# Wholly municipal: it has communities and no village (handbook 3.1).
_WITHOUT_VILLAGES = {"420101"}

_LANDS = """
นา Na, หนอง Nong, โนน Non, ห้วย Huai, วัง Wang, โคก Khok, ท่า Tha, ดอน Don, ซำ Sam, โพน Phon,
แก่ง Kaeng, ทุ่ง Thung, เหล่า Lao, ภู Phu, ปาก Pak, ไร่ Rai, คำ Kham, หาด Hat, บุ่ง Bung, สวน Suan
"""
_FEATURES = """
ดอกคูน Dok Khun, ผักหวาน Phak Wan, ไม้แดง Mai Daeng, ต้นตาล Ton Tan, ลมเย็น Lom Yen,
แสงจันทร์ Saeng Chan, แสงดาว Saeng Dao, ทรายเงิน Sai Ngoen, ศิลาทอง Sila Thong, ใบบุญ Bai Bun,
ร่มไทร Rom Sai, ร่มเย็น Rom Yen, ฟ้าใส Fa Sai, หมอกงาม Mok Ngam, เมฆขาว Mek Khao,
กล้วยไม้ Kluai Mai, บัวหลวง Bua Luang, บัวตอง Bua Tong, ต้นสัก Ton Sak, ต้นประดู่ Ton Pradu,
ต้นหว้า Ton Wa, ต้นโพธิ์ Ton Pho, มะขามหวาน Makham Wan, มะม่วงทอง Mamuang Thong, ลำไย Lamyai,
ไผ่ทอง Phai Thong, ไผ่งาม Phai Ngam, ข้าวหอม Khao Hom, ข้าวทอง Khao Thong, รวงทอง Ruang Thong,
ปลาเงิน Pla Ngoen, ปลาทอง Pla Thong, กวางทอง Kwang Thong, นกยูง Nok Yung, นกเขา Nok Khao,
ผึ้งหลวง Phueng Luang, หินงาม Hin Ngam, หินเงิน Hin Ngoen, ผาเงิน Pha Ngoen, น้ำใส Nam Sai,
ตะวันงาม Tawan Ngam, ตะวันทอง Tawan Thong, อรุณ Arun, เจริญธรรม Charoen Tham, มั่งมี Mang Mi,
รุ่งเรือง Rung Rueang, พอเพียง Pho Phiang, ขวัญใจ Khwan Chai, สายธาร Sai Than, ใบไม้ Bai Mai
"""


def funds_table() -> list[dict[str, str]]:
    """The rows of the district table, one district each; codes without the country."""
    with LOEI_FUNDS.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def village_units() -> Iterator[Unit]:
    """All 918 villages, spread evenly over the tambons of their districts; the same every time."""
    names = _names()
    for row in funds_table():
        tambons = [
            tambon.code
            for tambon in geothai.subdistricts(row["code"])
            if tambon.code not in _WITHOUT_VILLAGES
        ]
        each, over = divmod(int(row["villages"]), len(tambons))
        for place, tambon in enumerate(tambons):
            for number in range(1, each + (place < over) + 1):
                thai, english = next(names)
                yield Unit(f"TH{tambon}{number:02}", thai, name_en=english, invented=True)


def _names() -> Iterator[tuple[str, str]]:
    """Names in Thai and in Latin letters; none comes twice."""
    lands, features = _words(_LANDS), _words(_FEATURES)
    for round_number in range(len(features)):
        for position, (land, land_en) in enumerate(lands):
            # 41 and the number of features have no common factor: each pair comes once.
            feature, feature_en = features[(41 * round_number + 7 * position) % len(features)]
            yield f"บ้าน{land}{feature}", f"Ban {land_en} {feature_en}"


def _words(text: str) -> list[tuple[str, str]]:
    """Pairs of a Thai word and its transcription, from a list with commas."""
    pairs = (entry.split(maxsplit=1) for entry in text.split(","))
    return [(thai, english) for thai, english in pairs]
