"""Rows of a delivery that is checked again give way to the new ones: the officer's county alone, before anything is applied."""

from django.db import migrations


class Migration(migrations.Migration):
    """See operations.check."""

    dependencies = [("exchange", "0002_row_security")]

    operations = [
        migrations.RunSQL(
            "create policy exchange_row_delete on exchange_row for delete using"
            " (applied_at is null and division <@ (select hutong_ranges()) and 'exchange' = any((select hutong_writes())::text[]))",
            "drop policy exchange_row_delete on exchange_row",
        )
    ]
