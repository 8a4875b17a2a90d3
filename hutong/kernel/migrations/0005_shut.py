"""What is closed to whom: the setting that restrictive policies read, and the kernel's own tables behind it."""

from django.db import migrations

from hutong.kernel.rowsecurity import Shut

# The rooms above know what hangs on a restricted file; people replaces these two by migration.
DOORS = """
create function hutong_shut_in(ranges text, subjects text) returns text language sql stable as $$ select '{}'::text $$;
create function hutong_opened(subjects text) returns text language sql stable as $$ select subjects $$;
-- An older program, still running beside this schema, does not tell the setting: then it is worked out here.
create function hutong_shut() returns uuid[] language sql stable as $$
  select coalesce(nullif(current_setting('hutong.shut', true), ''), hutong_shut_in(
    current_setting('hutong.ranges', true), current_setting('hutong.subjects', true)))::uuid[]
$$;
"""
# The timeline of a file that a grant opens.
ABOUT = """
create policy kernel_event_about on kernel_event for select
  using (about = any((select hutong_subjects())::uuid[]) and domain = any((select hutong_reads())::text[]))
"""


class Migration(migrations.Migration):
    """Events, looks and papers about a restricted file."""

    dependencies = [("kernel", "0004_about")]

    operations = [
        migrations.RunSQL(
            DOORS,
            "drop function hutong_shut(); drop function hutong_opened(text); drop function hutong_shut_in(text, text)",
        ),
        migrations.RunSQL(ABOUT, "drop policy kernel_event_about on kernel_event"),
        Shut("kernel_event", "subject_id", "about", reading=True),
        Shut("kernel_access", "subject_id", reading=True, own="user_id"),
        Shut("kernel_attachment", "subject_id", reading=True, own="user_id"),
    ]
