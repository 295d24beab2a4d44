"""What may stand in an address: anything else is no page, and never reaches the database."""

from django.urls.converters import StringConverter


class CaseNumber(StringConverter):
    """KIND-PROVINCE-FISCAL YEAR-running number (handbook 5), e.g. SGF-42-2569-0007."""

    regex = "[A-Za-z0-9-]{1,30}"


class AreaCode(StringConverter):
    """The country and two digits a level (handbook 3.1), e.g. TH420301."""

    regex = "[A-Z]{2}[0-9]{0,8}"
