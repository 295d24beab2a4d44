"""Dictionary order of Thai and Lao names as a key that sorts by code point.

The database runs under C.UTF-8 (DESIGN 6), where เชียงคาน would come after ภูเรือ: vowels that
are written before their consonant are sorted after it, and tone marks count only between words
that are otherwise equal. The ICU library knows these orders too, but neither the embedded
PostgreSQL nor Python brings it; the rules needed for names of places and people are few.
"""

import re
import unicodedata

# เ แ โ ใ ไ and ເ ແ ໂ ໃ ໄ are written before the consonant after which they are read.
_LEADING_VOWEL = re.compile("([เ-ไ])([ก-ฮ])|([ເ-ໄ])([ກ-ຮໜໝ])")
# Tone marks and the like: they do not count in the first comparison.
_MARKS = frozenset("็่้๊๋์ํ๎" + "່້໊໋໌ໍ")
_LETTERS = str.maketrans(
    {
        "ສ": "\u0e89",  # the Lao alphabet has ສ between ຈ and ຊ, Unicode far behind
        "ໜ": "ຫນ",
        "ໝ": "ຫມ",
        "ຼ": "ລ",  # ຫຼວງ and ຫລວງ are the same word
    }
)
# The vowel am is also typed in two pieces, with the tone mark between them (handbook 7.2).
_SPLIT_AM = re.compile("[ํໍ]([่-๋່-໋]?)([าາ])")
_AM = {"า": "ำ", "າ": "ຳ"}


def sort_key(name: str) -> str:
    """Key of `name`: comparing keys by code point gives dictionary order.

    First the letters, with leading vowels behind their consonants and without spaces and
    punctuation; then, after a space, the tone marks by their places. Latin letters are folded.
    """
    text = unicodedata.normalize("NFC", name).casefold()
    text = _SPLIT_AM.sub(lambda found: f"{found[1] or ''}{_AM[found[2]]}", text)
    text = _LEADING_VOWEL.sub(lambda found: "".join(filter(None, found.groups()[::-1])), text)
    text = text.translate(_LETTERS)
    letters, marks = [], []
    for character in text:
        if character in _MARKS:
            marks.append(character)
        elif unicodedata.category(character)[0] in "LMN" and character not in "ๆฯ":
            letters.append(character)
            marks.append("0")
    return f"{''.join(letters)} {''.join(marks).rstrip('0')}".rstrip()
