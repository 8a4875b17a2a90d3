"""Open duties follow the post of whoever owed them: the successor owes what is not yet done."""

from django.db import migrations

# As hutong_directors_follow: derived from posts alone, tells nothing. `missed` duties stay with whoever missed them.
FOLLOW = """
create function hutong_owners_follow(role_held text, low bigint, high bigint, left_by uuid, on_day date) returns void
language plpgsql volatile security definer set search_path = public, pg_temp as $$
begin
  update duties_duty d set owner_id = (
    select p.user_id from staff_post p join staff_user u on u.id = p.user_id and u.is_active
     where p.role = role_held and p.division = low and p.start <= on_day and (p."end" is null or p."end" > on_day)
     order by p.start, p.id limit 1)
   where d.division >= low and d.division < high and d.state = 'due' and d.bearer = role_held
     and (d.owner_id is null or d.owner_id = left_by)
     and not exists (select 1 from staff_post p where p.user_id = d.owner_id and p.role = role_held and p.division = low
                     and p.start <= on_day and (p."end" is null or p."end" > on_day));
end $$;
revoke all on function hutong_owners_follow(text, bigint, bigint, uuid, date) from public;
grant execute on function hutong_owners_follow(text, bigint, bigint, uuid, date) to hutong_web, hutong_worker, hutong_loader;
"""


class Migration(migrations.Migration):
    """One narrow door."""

    dependencies = [("duties", "0002_row_security"), ("staff", "0003_session")]

    operations = [migrations.RunSQL(FOLLOW, "drop function hutong_owners_follow(text, bigint, bigint, uuid, date)")]
