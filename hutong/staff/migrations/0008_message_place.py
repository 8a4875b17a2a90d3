"""What was sent outside is also seen by who manages people where the official works; only the official's own job writes it."""

from django.db import migrations, models

from hutong.kernel.rowsecurity import PLACE, Again


class Migration(migrations.Migration):
    """A line holds counts and no child, so the place alone opens it for reading."""

    dependencies = [("staff", "0007_message")]

    operations = [
        migrations.AddField(
            model_name="message",
            name="division",
            field=models.BigIntegerField(default=0, db_default=0, help_text="of the post of whom it was sent to"),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(fields=["division", "-created_at"], name="message_division"),
        ),
        Again("staff_message", division=None, own="user_id", also=PLACE.format("division")),
    ]
