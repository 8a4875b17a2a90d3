"""Search tokens follow their person by triggers that check a statement at once, instead of by a key asked for each of twenty rows."""

from pathlib import Path

from django.db import migrations

BACK = """
drop trigger tokens_follow_added on people_token; drop trigger tokens_follow_changed on people_token;
drop trigger tokens_move on people_person; drop trigger tokens_stay on people_person;
drop function hutong_tokens_follow(), hutong_tokens_move(), hutong_tokens_stay();
alter table people_token add constraint people_token_person_id_follows foreign key (person_id, division)
  references people_person (id, division) on update cascade deferrable initially deferred;
"""


class Migration(migrations.Migration):
    """The same promise, kept for less."""

    dependencies = [("people", "0007_relatives")]

    operations = [migrations.RunSQL(Path(__file__).with_name("tokens.sql").read_text(), BACK)]
