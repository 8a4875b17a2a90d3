"""Row security of the room's tables. Read docs/access.md before changing a line."""

from pathlib import Path

from django.db import migrations

from hutong.kernel.rowsecurity import PLACE, Follow, Protect, ProtectHistory

# A director proposes: new persons and categories, which others confirm.
# An adult of two areas is read through the kinship row of each child.
PROPOSED = PLACE.format("division") + " and (select hutong_writes())::text[] && array['identity', 'propose']"
CATEGORY = (
    PLACE.format("division")
    + " and ('category' = any((select hutong_writes())::text[])"
    + " or state = 'proposed' and 'propose' = any((select hutong_writes())::text[]))"
)
RELATIVE = (
    "exists (select 1 from people_kinship k where k.relative_id = {0} and k.division <@ (select hutong_ranges()))"
)


class Migration(migrations.Migration):
    """Every table here holds personal data; histories included."""

    dependencies = [("people", "0001_initial"), ("kernel", "0002_row_security")]

    operations = [
        Follow("people_kinship", "child_id", "people_person"),
        Follow("people_address", "person_id", "people_person"),
        Follow("people_circumstance", "person_id", "people_person"),
        Follow("people_token", "person_id", "people_person"),
        Follow("people_file", "child_id", "people_person"),
        Follow("people_category", "file_id", "people_file"),
        Protect(
            "people_person",
            subject="id",
            restricted=True,
            domain="identity",
            insert=PROPOSED,
            also=RELATIVE.format("people_person.id"),
        ),
        Protect("people_kinship", subject="child_id", domain="identity", write_domain="care"),
        Protect("people_household", domain="identity", write_domain="care"),
        Protect("people_householdmember", subject="person_id", domain="identity", write_domain="care"),
        Protect("people_address", subject="person_id", domain="identity", write_domain="care"),
        Protect("people_circumstance", subject="person_id", domain_column="domain", also=RELATIVE.format("person_id")),
        Protect("people_token", domain="identity", insert=PROPOSED, delete=True),
        Protect("people_file", subject="id", restricted=True, domain="identity", write_domain="care"),
        Protect("people_category", subject="file_id", domain="category", insert=CATEGORY),
        Protect("people_pair", domain="identity", insert=PROPOSED),
        Protect("people_merge", domain="identity"),
        ProtectHistory("people_personevent", domain="identity"),
        ProtectHistory("people_kinshipevent", domain="identity"),
        ProtectHistory("people_circumstanceevent", domain_column="domain"),
        ProtectHistory("people_fileevent", domain="identity"),
        ProtectHistory("people_categoryevent", domain="category"),
        migrations.RunSQL(
            Path(__file__).with_name("narrow_doors.sql").read_text(),
            "drop function hutong_match_identifier(text); drop function hutong_point_out(text, text); drop function hutong_hand_over(uuid, bigint)",
        ),
    ]
