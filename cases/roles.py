"""Roles that a post can carry and the line in which matters climb (handbook 4.1, 4.3)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """Role codes of handbook 4.1; the names shown are the offices' own."""

    FIELD_OFFICER = "FIELD_OFFICER", _("Field officer")
    VOLUNTEER = "VOLUNTEER", _("CD volunteer")
    DISTRICT_CHIEF_CD = "DISTRICT_CHIEF_CD", _("District CD chief")
    DISTRICT_CHIEF = "DISTRICT_CHIEF", _("District chief")
    PROV_ACADEMIC = "PROV_ACADEMIC", _("Provincial CD academic")
    PROV_GROUP_HEAD = "PROV_GROUP_HEAD", _("Provincial work-group head")
    PROV_CHIEF_CD = "PROV_CHIEF_CD", _("Provincial CD chief")
    GOVERNOR = "GOVERNOR", _("Governor")
    DEPARTMENT = "DEPARTMENT", _("Community Development Department")
    GROUP_COMMITTEE = "GROUP_COMMITTEE", _("Group committee")
    AUDIT_COMMITTEE = "AUDIT_COMMITTEE", _("Audit committee")
    MEMBER = "MEMBER", _("Member")
    HOUSEHOLD = "HOUSEHOLD", _("Household")
    COACH = "COACH", _("Coach")
    OTOP_DIST_CTE = "OTOP_DIST_CTE", _("District OTOP committee")
    OTOP_PROV_CTE = "OTOP_PROV_CTE", _("Provincial OTOP committee")
    OTOP_NETWORK = "OTOP_NETWORK", _("OTOP network")
    KBF = "KBF", _("Kumban facilitator")
    DIST_CD = "DIST_CD", _("District community-development officer")
    PROV_CD = "PROV_CD", _("Provincial community-development officer")
    PRF_CENTRAL = "PRF_CENTRAL", _("Poverty Reduction Fund, central office")
    ADMIN = "ADMIN", _("System administrator")


# Whoever holds one of these at an area reads every case below it. The others read only what is
# assigned to them by name; an administrator keeps users and templates and reads no case.
SEES_AREA = frozenset(
    {
        Role.FIELD_OFFICER,
        Role.DISTRICT_CHIEF_CD,
        Role.DISTRICT_CHIEF,
        Role.PROV_ACADEMIC,
        Role.PROV_GROUP_HEAD,
        Role.PROV_CHIEF_CD,
        Role.GOVERNOR,
        Role.DEPARTMENT,
        Role.KBF,
        Role.DIST_CD,
        Role.PROV_CD,
        Role.PRF_CENTRAL,
    }
)

# The levels of territory at which a role is held (handbook 4.1, scope), as Area.Level numbers
# them. A field officer has one or more tambons, in a small office the whole district. Lao villages
# stand on the third level (handbook 3.2), a kumban facilitator's among them.
COUNTRY, PROVINCE, DISTRICT, SUBDISTRICT, VILLAGE = range(5)
LEVELS: dict[str, tuple[int, ...]] = {
    Role.FIELD_OFFICER: (DISTRICT, SUBDISTRICT),
    Role.VOLUNTEER: (SUBDISTRICT, VILLAGE),
    Role.DISTRICT_CHIEF_CD: (DISTRICT,),
    Role.DISTRICT_CHIEF: (DISTRICT,),
    Role.PROV_ACADEMIC: (PROVINCE,),
    Role.PROV_GROUP_HEAD: (PROVINCE,),
    Role.PROV_CHIEF_CD: (PROVINCE,),
    Role.GOVERNOR: (PROVINCE,),
    Role.DEPARTMENT: (COUNTRY,),
    Role.GROUP_COMMITTEE: (SUBDISTRICT, VILLAGE),
    Role.AUDIT_COMMITTEE: (SUBDISTRICT, VILLAGE),
    Role.MEMBER: (SUBDISTRICT, VILLAGE),
    Role.HOUSEHOLD: (SUBDISTRICT, VILLAGE),
    Role.COACH: (DISTRICT, SUBDISTRICT, VILLAGE),
    Role.OTOP_DIST_CTE: (DISTRICT,),
    Role.OTOP_PROV_CTE: (PROVINCE,),
    Role.OTOP_NETWORK: (DISTRICT,),
    Role.KBF: (DISTRICT, SUBDISTRICT),
    Role.DIST_CD: (DISTRICT,),
    Role.PROV_CD: (PROVINCE,),
    Role.PRF_CENTRAL: (COUNTRY,),
    Role.ADMIN: (COUNTRY, PROVINCE, DISTRICT),
}
LAO = frozenset({Role.KBF, Role.DIST_CD, Role.PROV_CD, Role.PRF_CENTRAL})
IN_BOTH = frozenset({Role.MEMBER, Role.HOUSEHOLD, Role.ADMIN})

# Posts that one person holds at a time; a second holder is worth a word, not a refusal.
CHIEFS = frozenset({Role.DISTRICT_CHIEF_CD, Role.DISTRICT_CHIEF, Role.PROV_CHIEF_CD, Role.GOVERNOR})


def fits(role: str, code: str) -> bool:
    """Whether `role` can be held at the area with `code`: its country and its level."""
    country = role in IN_BOTH or (role in LAO) == code.startswith("LA")
    return country and len(code) // 2 - 1 in LEVELS[role]
