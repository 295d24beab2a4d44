"""Places as Thai papers write them: หมู่ที่ ๑ บ้านทุ่งใหม่ ตำบล… อำเภอ… จังหวัด…"""

from cases.models import Area

_BEFORE = {
    Area.Level.PROVINCE: "จังหวัด",
    Area.Level.DISTRICT: "อำเภอ",
    Area.Level.SUBDISTRICT: "ตำบล",
    Area.Level.VILLAGE: "บ้าน",
}


def named(area: Area) -> str:
    """One unit with what it is: อำเภอเชียงคาน; a village with its number in the tambon."""
    name = area.name_th or area.name
    before = _BEFORE.get(Area.Level(area.level), "")
    whole = name if name.startswith(before) else before + name
    # The last two digits of a village's code are its number (handbook 3.1).
    return f"หมู่ที่ {int(area.code[-2:])} {whole}" if area.level == Area.Level.VILLAGE else whole


def full(area: Area, up_to: Area.Level = Area.Level.PROVINCE) -> str:
    """A unit and what it lies in, up to the level `up_to`.

    Reads `parent`, so callers select `parent__parent__parent` with it.
    """
    names, unit = [named(area)], area
    while unit.level > up_to and unit.parent is not None:
        unit = unit.parent
        names.append(named(unit))
    return " ".join(names)


def above(area: Area, level: Area.Level) -> Area:
    """The unit at `level` that `area` lies in; the area itself where it stands higher."""
    unit = area
    while unit.level > level and unit.parent is not None:
        unit = unit.parent
    return unit
