"""PostgreSQL as the product needs it."""

import pytest
from django.db import connection


@pytest.mark.django_db
def test_trigrams_of_thai_are_not_empty() -> None:
    """Under locale C or the builtin provider this is NULL or 0 (DESIGN 6)."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        cursor.execute("SELECT similarity('กลุ่ม', 'กลุ่ม')")
        assert cursor.fetchone() == (1.0,)
