"""What was sent outside the platform, seen by whom it was sent to."""

import django.db.models.deletion
import hutong.kernel.ids
from django.conf import settings
from django.db import migrations, models

from hutong.kernel.rowsecurity import Protect

# Whom there is something to tell: ids only. What it is, the job reads in that user's own name.
TO_TELL = """
create function hutong_to_tell(only_urgent boolean, since timestamptz) returns setof uuid
language sql stable security definer set search_path = public, pg_temp as $$
  select distinct n.user_id from staff_notice n join staff_user u on u.id = n.user_id and u.is_active and not u.synthetic
   where n.read_at is null and n.created_at >= since and (n.urgent or not only_urgent) and u.phone <> ''
$$;
revoke all on function hutong_to_tell(boolean, timestamptz) from public;
grant execute on function hutong_to_tell(boolean, timestamptz) to hutong_worker;
"""


class Migration(migrations.Migration):
    """One's own only."""

    dependencies = [
        ('staff', '0006_granted'),
    ]

    operations = [
        migrations.CreateModel(
            name='Message',
            fields=[
                ('id', models.UUIDField(default=hutong.kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('channel', models.CharField(max_length=10)),
                ('key', models.CharField(help_text='digest:DAY, or urgent:NOTICE: the same is never sent twice', max_length=50)),
                ('text', models.CharField(max_length=200)),
                ('state', models.CharField(choices=[('waiting', '待发送'), ('sent', '已发送'), ('failed', '没有发出')], default='waiting', max_length=8)),
                ('tries', models.SmallIntegerField(default=0)),
                ('receipt', models.CharField(blank=True, help_text='what the channel answered it took it under', max_length=100)),
                ('trouble', models.CharField(blank=True, max_length=200)),
                ('created_at', models.DateTimeField()),
                ('sent_at', models.DateTimeField(null=True)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('user', 'channel', 'key'), name='message_once')],
            },
        ),
        Protect("staff_message", division=None, own="user_id"),
        migrations.RunSQL(TO_TELL, "drop function hutong_to_tell(boolean, timestamptz)"),
    ]
