"""The two numbers that policies compare with first, for databases made before `roles.sql` had them."""

from django.db import migrations

NEAR = """
create or replace function hutong_low() returns bigint language sql stable parallel safe as
  $$ select nullif(current_setting('hutong.low', true), '')::bigint $$;
create or replace function hutong_high() returns bigint language sql stable parallel safe as
  $$ select nullif(current_setting('hutong.high', true), '')::bigint $$;
"""


class Migration(migrations.Migration):
    """An older program, still running beside this schema, tells neither: then all ranges decide."""

    dependencies = [("kernel", "0005_shut")]

    operations = [migrations.RunSQL(NEAR, migrations.RunSQL.noop)]
