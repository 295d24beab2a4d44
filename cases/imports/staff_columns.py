"""The columns of a file of staff; the fields are those of the pages of people."""

from collections.abc import Sequence

from django.db import models
from django.utils.translation import gettext_lazy

from cases.contact_fields import EmailField, LoginField
from cases.fields import NameField
from cases.imports.columns import ChoiceCell, Column, DateCell
from cases.imports.places import PlaceCell
from cases.person_fields import PhoneField
from cases.roles import Role


class Language(models.TextChoices):
    """The languages of the pages, for a choice in a cell."""

    TH = "th", gettext_lazy("Thai")
    LO = "lo", gettext_lazy("Lao")
    EN = "en", gettext_lazy("English")


class Invitation(models.TextChoices):
    """Whether a new person is written to at once."""

    YES = "YES", gettext_lazy("Yes")
    NO = "NO", gettext_lazy("No")


def columns(country: str) -> Sequence[Column]:
    """The columns for an office in `country`."""
    return (
        Column(
            "name",
            gettext_lazy("Name of the person"),
            NameField(max_length=150),
            example="นางสาวสมมติ ตัวอย่าง",
            more=("name", "ชื่อ", "ชื่อ-สกุล", "ชื่อ-นามสกุล", "ຊື່"),
        ),
        Column(
            "username",
            gettext_lazy("User name"),
            LoginField(required=False),
            hint=gettext_lazy("To sign in with. Empty: the e-mail address."),
            example="sommut",
            more=("username", "login", "ชื่อผู้ใช้"),
        ),
        Column(
            "email",
            gettext_lazy("E-mail address"),
            EmailField(required=False),
            example="sommut@example.org",
            more=("e-mail", "อีเมล", "ອີເມວ"),
        ),
        Column(
            "phone",
            gettext_lazy("Phone"),
            PhoneField(required=False),
            example="0812345678",
            more=("phone", "โทรศัพท์", "เบอร์โทร", "เบอร์โทรศัพท์", "ໂທລະສັບ"),
        ),
        Column(
            "language",
            gettext_lazy("Language of the pages"),
            ChoiceCell(Language.choices, required=False),
            example="th",
            hint=gettext_lazy("Empty: yours."),
            more=("language", "ภาษา", "ພາສາ"),
        ),
        Column(
            "role",
            gettext_lazy("Role"),
            ChoiceCell(Role.choices),
            example="FIELD_OFFICER",
            more=("role", "บทบาท", "ตำแหน่ง", "ຕຳແໜ່ງ"),
        ),
        Column(
            "area",
            gettext_lazy("Area of the post"),
            PlaceCell(country, (0, 2, 4, 6, 8)),
            example="420301",
            hint=gettext_lazy("Its code, or its names: province > district > subdistrict."),
            more=("area", "area code", "พื้นที่", "รหัสพื้นที่", "ພື້ນທີ່"),
        ),
        Column(
            "starts_on",
            gettext_lazy("Post from"),
            DateCell(),
            example="01/10/2568",
            more=("from", "ตั้งแต่", "ตั้งแต่วันที่", "ແຕ່ວັນທີ"),
        ),
        Column(
            "ends_on",
            gettext_lazy("Post to"),
            DateCell(required=False),
            hint=gettext_lazy("Empty: without an end."),
            more=("to", "ถึง", "ถึงวันที่", "ເຖິງວັນທີ"),
        ),
        Column(
            "invite",
            gettext_lazy("Invite by e-mail"),
            ChoiceCell(Invitation.choices, required=False),
            example="YES",
            hint=gettext_lazy("New people get a link to set their password."),
            more=("invite", "ส่งคำเชิญ", "เชิญ"),
        ),
    )
