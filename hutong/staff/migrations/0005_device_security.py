"""Row security of phones: one's own, and those of the area one supervises."""

from django.db import migrations

from hutong.kernel.rowsecurity import Protect


class Migration(migrations.Migration):
    """A phone's row holds no child, but who works where and when."""

    dependencies = [("staff", "0004_device"), ("kernel", "0002_row_security")]

    operations = [Protect("staff_device", own="user_id")]
