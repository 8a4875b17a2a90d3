"""Row security of what is addressed to one user. Users and posts are the public directory of officials."""

from django.db import migrations

from hutong.kernel.rowsecurity import Protect


class Migration(migrations.Migration):
    """Notices and grants."""

    dependencies = [("staff", "0001_initial"), ("kernel", "0002_row_security")]

    operations = [
        Protect("staff_notice", division=None, own="user_id", insert="true"),
        Protect("staff_grant", own="user_id", domain="identity"),
    ]
