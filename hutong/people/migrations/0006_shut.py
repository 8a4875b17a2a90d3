"""Restricted files: whatever hangs on one is closed to all who hold no grant. Read docs/access.md before changing a line."""

from pathlib import Path

from django.db import migrations

from hutong.kernel.rowsecurity import PLACE, Again, Shut

PROPOSED = PLACE.format("division") + " and (select hutong_writes())::text[] && array['identity', 'propose']"
RELATIVE = (
    "exists (select 1 from people_kinship k where k.relative_id = {0} and k.division <@ (select hutong_ranges()))"
)
# Found on every request: the few restricted files of an area.
FREE = "create index file_restricted on people_file (division) where restricted"


class Migration(migrations.Migration):
    """A restriction closes by a policy of its own, so that a grant opens to its holder what the place opens to others."""

    dependencies = [("people", "0005_cadence"), ("kernel", "0005_shut"), ("staff", "0006_granted")]

    operations = [
        migrations.RunSQL(Path(__file__).with_name("shut.sql").read_text(), migrations.RunSQL.noop),
        migrations.RunSQL(FREE, "drop index file_restricted"),
        Again(
            "people_person", subject="id", domain="identity", insert=PROPOSED, also=RELATIVE.format("people_person.id")
        ),
        Again("people_file", subject="id", domain="identity", write_domain="care"),
        Shut("people_person", "id"),
        Shut("people_kinship", "child_id", "relative_id"),
        Shut("people_householdmember", "person_id"),
        Shut("people_address", "person_id"),
        Shut("people_circumstance", "person_id"),
        Shut("people_token", "person_id"),
        Shut("people_file", "id"),
        Shut("people_category", "file_id"),
        Shut("people_pair", "first_id", "second_id"),
        Shut("people_merge", "kept_id", "merged_id"),
        Shut("people_personevent", "id", reading=True),
        Shut("people_kinshipevent", "child_id", "relative_id", reading=True),
        Shut("people_circumstanceevent", "person_id", reading=True),
        Shut("people_fileevent", "id", reading=True),
        Shut("people_categoryevent", "file_id", reading=True),
    ]
