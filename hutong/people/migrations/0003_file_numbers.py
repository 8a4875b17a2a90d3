"""The last file number of a county and year, closed and restricted files included: a narrow door that tells one number."""

from django.db import migrations


class Migration(migrations.Migration):
    """See files._number."""

    dependencies = [("people", "0002_row_security")]

    operations = [
        migrations.RunSQL(
            """
            create function hutong_last_file_number(prefix text) returns integer
            language sql stable security definer set search_path = public, pg_temp as $$
              select coalesce(max(right(number, 6)::integer), 0) from people_file
              where number >= prefix || '000000' and number <= prefix || '999999' and length(number) = length(prefix) + 6
            $$;
            revoke all on function hutong_last_file_number(text) from public;
            grant execute on function hutong_last_file_number(text) to hutong_web, hutong_worker, hutong_loader;
            """,
            "drop function hutong_last_file_number(text)",
        )
    ]
