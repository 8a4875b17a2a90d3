"""Restricted files close the room's rows too. Read docs/access.md before changing a line."""

from django.db import migrations

from hutong.kernel.rowsecurity import Shut


class Migration(migrations.Migration):
    """Over and above the policies of place and domain."""

    dependencies = [("exchange", "0005_field_security"), ("kernel", "0005_shut")]

    operations = [
        Shut("exchange_row", "person_id"),
        Shut("exchange_fieldoperation", "file_id", reading=True, own="user_id"),
        Shut("exchange_conflict", "file_id"),
        Shut("exchange_conflictevent", "file_id", reading=True),
    ]
