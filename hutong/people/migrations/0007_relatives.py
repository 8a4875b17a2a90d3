"""An adult of two areas is read through the kinship row of each child: asked by a function, so that it is planned only where needed."""

from django.db import migrations

from hutong.kernel.rowsecurity import PLACE, Again

# Row security of the kinship rows holds inside. Written into the policies it was planned, with their policies, for every statement.
KIN_HERE = """
create function hutong_kin_here(adult uuid) returns boolean language plpgsql stable as $$
begin
  return exists (select 1 from people_kinship k where k.relative_id = adult and k.division <@ hutong_ranges());
end $$
"""
PROPOSED = PLACE.format("division") + " and (select hutong_writes())::text[] && array['identity', 'propose']"


class Migration(migrations.Migration):
    """The same rows as before."""

    dependencies = [("people", "0006_shut"), ("kernel", "0006_near")]

    operations = [
        migrations.RunSQL(KIN_HERE, migrations.RunSQL.noop),
        Again("people_person", subject="id", domain="identity", insert=PROPOSED, also="hutong_kin_here(id)"),
        Again("people_circumstance", subject="person_id", domain_column="domain", also="hutong_kin_here(person_id)"),
    ]
