"""Restricted files close the room's rows too. Read docs/access.md before changing a line."""

from django.db import migrations

from hutong.kernel.rowsecurity import Shut


class Migration(migrations.Migration):
    """Over and above the policies of place and domain."""

    dependencies = [("casework", "0002_row_security"), ("kernel", "0005_shut")]

    operations = [
        Shut("casework_report", "file_id"),
        Shut("casework_reportevent", "file_id", reading=True),
    ]
