"""Row security of runs, and of what a run may do to leads. Read docs/access.md before changing a line."""

from django.db import migrations

from hutong.kernel.rowsecurity import Protect

# A run knows leads of every kind again, restricted ones too, and shows none: only with the setting that jobs of the house
# carry, never with the rights of a user a job acts for.
OF_A_RUN = "current_setting('hutong.unshut', true) = 'on'"


class Migration(migrations.Migration):
    """A run shows figures only, to who recognises categories in the county."""

    dependencies = [("discovery", "0007_run")]

    operations = [
        Protect("discovery_run", domain="category"),
        migrations.RunSQL(
            f"create policy discovery_lead_run on discovery_lead to hutong_worker using ({OF_A_RUN}) with check ({OF_A_RUN})",
            "drop policy discovery_lead_run on discovery_lead",
        ),
    ]
