"""Row security of the room's tables. Read docs/access.md before changing a line."""

from django.db import migrations

from hutong.kernel.rowsecurity import Protect


class Migration(migrations.Migration):
    """See docs/access.md."""

    dependencies = [("exchange", "0001_initial"), ("people", "0002_row_security")]

    operations = [
        Protect("exchange_delivery", domain="exchange"),
        Protect("exchange_row", domain="exchange"),
        Protect("exchange_mapping", domain="exchange"),
    ]
