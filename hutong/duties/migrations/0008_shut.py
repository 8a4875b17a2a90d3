"""Restricted files close the room's rows too. Read docs/access.md before changing a line."""

from django.db import migrations

from hutong.kernel.rowsecurity import Shut


class Migration(migrations.Migration):
    """Over and above the policies of place and domain."""

    dependencies = [("duties", "0007_county"), ("kernel", "0005_shut")]

    operations = [
        Shut("duties_duty", "file_id"),
    ]
