"""Row security of what phones send. Read docs/access.md before changing a line."""

from django.db import migrations

from hutong.kernel.rowsecurity import PLACE, Protect, ProtectHistory

# What was sent may hold any domain: beside the sender only who reads cases there.
SUPERVISED = f"({PLACE.format('division')} and 'case' = any((select hutong_reads())::text[]))"


class Migration(migrations.Migration):
    """One writes in one's own name; conflicts are put before whoever corrects identities in the place."""

    dependencies = [("exchange", "0004_field"), ("people", "0002_row_security")]

    operations = [
        Protect("exchange_fieldoperation", division=None, own="user_id", also=SUPERVISED),
        Protect("exchange_conflict", domain="identity", insert=PLACE.format("division")),
        ProtectHistory("exchange_conflictevent", domain="identity"),
        Protect("exchange_blob", division=None, own="user_id"),
        Protect("exchange_blobpart", division=None, own="user_id", delete=True),
    ]
