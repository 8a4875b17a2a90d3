"""Row security of feeds: by county and by the feed's own data domain. Read docs/access.md before changing a line."""

from django.db import migrations

from hutong.kernel.rowsecurity import Protect, ProtectHistory


class Migration(migrations.Migration):
    """An education liaison sees school deliveries and no others. Rows that could not be used are deleted with their delivery."""

    dependencies = [("exchange", "0008_feeds")]

    operations = [
        migrations.RunSQL(
            """
            create sequence exchange_feed_number;
            grant usage on sequence exchange_feed_number to hutong_web, hutong_worker, hutong_loader;
            """,
            "drop sequence exchange_feed_number",
        ),
        Protect("exchange_sharingagreement", domain_column="domain"),
        ProtectHistory("exchange_sharingagreementevent", domain_column="domain"),
        Protect("exchange_feeddelivery", domain_column="domain"),
        Protect("exchange_feedrow", domain_column="domain", delete=True),
    ]
