"""The audit trail refuses to be changed: whatever code or person tries (DESIGN 3).

Events are never updated, deleted or truncated. Their texts are never rewritten; a text may be
deleted, since personal data can have to be erased (`cases.audit.erase`).
"""

from django.db import migrations

REFUSE = """
CREATE FUNCTION cases_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% refuses %: the audit trail is append-only', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'integrity_constraint_violation';
END
$$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON cases_event
    FOR EACH STATEMENT EXECUTE FUNCTION cases_append_only();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON cases_event
    FOR EACH STATEMENT EXECUTE FUNCTION cases_append_only();
CREATE TRIGGER append_only BEFORE UPDATE ON cases_eventtext
    FOR EACH STATEMENT EXECUTE FUNCTION cases_append_only();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON cases_eventtext
    FOR EACH STATEMENT EXECUTE FUNCTION cases_append_only();
"""

ALLOW = """
DROP TRIGGER append_only ON cases_event;
DROP TRIGGER no_truncate ON cases_event;
DROP TRIGGER append_only ON cases_eventtext;
DROP TRIGGER no_truncate ON cases_eventtext;
DROP FUNCTION cases_append_only();
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_initial")]

    operations = [migrations.RunSQL(REFUSE, ALLOW)]
