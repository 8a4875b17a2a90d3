"""The worklist shows what was missed, the latest first: an index of its own, small because few are missed."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("duties", "0005_deadline")]

    operations = [
        migrations.AddIndex(
            model_name="duty",
            index=models.Index(fields=["division", "-due_on"], name="duty_missed", condition=Q(state="missed")),
        ),
    ]
