"""Text as people type it, made comparable: digits, marks, invisible characters (handbook 3.5)."""

import re
import unicodedata

_DIGITS = str.maketrans("๐๑๒๓๔๕๖๗๘๙໐໑໒໓໔໕໖໗໘໙", "0123456789" * 2)


def _tones_first(run: re.Match) -> str:
    """A run of am vowels and tone marks with the tones before the vowels, each as typed."""
    return "".join(sorted(run[0], key=lambda mark: mark in "ำຳ"))


# Thai and Lao: nikhahit and aa, with tone marks before or between, are one vowel am; the tone
# stands before it (น + ํ + ้ + า = น้ำ). Two sara e are a typed ae (เเ = แ).
_AM = (
    (re.compile("([่-๋]*)ํ([่-๋]*)า"), r"\1\2ำ"),
    (re.compile("[ำ่-๋]{2,}"), _tones_first),
    (re.compile("([່-໋]*)ໍ([່-໋]*)າ"), r"\1\2ຳ"),
    (re.compile("[ຳ່-໋]{2,}"), _tones_first),
    (re.compile("เเ"), "แ"),
    (re.compile("ເເ"), "ແ"),
)

# Joiners and selectors that hold an emoji together: free text keeps them.
_HOLDS_EMOJI = "\u200d\ufe0f"

# Unicode's emoji blocks and the single signs outside of them; © ® ™ are signs in names of goods.
_EMOJI = re.compile(
    "[\U0001f000-\U0001fbff\u2600-\u27bf\u2300-\u23ff\u2b00-\u2bff\u25a0-\u25ff\u2190-\u21ff"
    "\u203c\u2049\u20e3\u2139\u3030\u303d\u3297\u3299\ufe0e\ufe0f]"
)


def fold_digits(text: str) -> str:
    """`text` with Thai ๐-๙ and Lao ໐-໙ as ASCII digits; everything is stored so."""
    return text.translate(_DIGITS)


def normalise(name: str) -> str:
    """A name in the one spelling that is stored and compared; the same again if done again.

    NFC, am composed, zero-width, bidirectional and other control characters gone, any run of
    white space one space. Digits stay as typed.
    """
    return _compose(" ".join(_visible(name, keep="").split()))


_TITLES = re.compile(
    r"^(?:นางสาว|เด็กหญิง|เด็กชาย|นาย|นาง|น\.ส\.|ด\.ญ\.|ด\.ช\.|ທ້າວ|ທ່ານ|ນາງ|mrs?[. ]|miss |ms[. ])",
    re.IGNORECASE,
)


def name_key(name: str) -> str:
    """A person's name made comparable: one spelling, without title, spaces and case.

    Two people may share one; it warns, it never decides (handbook 5.1, exceptions).
    """
    bare = _TITLES.sub("", fold_digits(normalise(name)).strip())
    return re.sub(r"[\s.]", "", bare).casefold()


def clean(text: str) -> str:
    """Free text over several lines, without what could hide or break it; emoji stay.

    Lines end in a line feed; control, zero-width and bidirectional characters are gone.
    """
    lines = re.sub("\r\n?|[\x85\u2028\u2029]", "\n", text)
    visible = _visible(lines, keep="\n\t" + _HOLDS_EMOJI)
    return _compose("\n".join(line.rstrip() for line in visible.split("\n"))).strip()


def has_emoji(text: str) -> bool:
    """Whether `text` holds an emoji or another pictogram, which a name may not."""
    return bool(_EMOJI.search(text))


def unreadable(text: str) -> str:
    """The first character that no font of ours can show, "" if none.

    Private-use characters come from old Thai fonts and PDF files, unassigned ones from broken
    software.
    """
    return next((c for c in text if unicodedata.category(c) in {"Co", "Cn"}), "")


def quoted(typed: str, longest: int = 40) -> str:
    """What was typed, short enough to stand in a message."""
    shown = " ".join(typed.split())
    return shown if len(shown) <= longest else shown[: longest - 1] + "…"


def _visible(text: str, keep: str) -> str:
    """`text` without format and control characters and halves of pairs; white space stays."""
    hidden = {"Cf", "Cc", "Cs"}
    return "".join(
        c for c in text if c in keep or c.isspace() or unicodedata.category(c) not in hidden
    )


def _compose(text: str) -> str:
    """`text` composed until nothing changes: NFC moves tones past other marks, towards an am."""
    composed = ""
    while composed != text:
        composed = text
        text = unicodedata.normalize("NFC", text)
        for pattern, replacement in _AM:
            text = pattern.sub(replacement, text)
        text = unicodedata.normalize("NFC", text)
    return composed
