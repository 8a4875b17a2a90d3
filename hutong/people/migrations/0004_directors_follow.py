"""Files follow the post of the child director: who holds it is public, so that it needs no right to the files."""

from django.db import migrations

# Whoever manages posts may not see children (administrator, city). The function tells nothing and takes no decision:
# the director of a file is whoever holds the village's post on the day, and only files of the person who left, or of
# nobody, change hands.
FOLLOW = """
create function hutong_directors_follow(village bigint, left_by uuid, on_day date) returns void
language plpgsql volatile security definer set search_path = public, pg_temp as $$
declare holder uuid;
begin
  if exists (select 1 from staff_post p where p.user_id = left_by and p.role = 'director' and p.division = village
             and p.start <= on_day and (p."end" is null or p."end" > on_day)) then
    return;
  end if;
  select p.user_id into holder from staff_post p join staff_user u on u.id = p.user_id and u.is_active
   where p.role = 'director' and p.division = village and p.start <= on_day and (p."end" is null or p."end" > on_day)
   order by p.start, p.id limit 1;
  update people_file f set director_id = holder, version = f.version + 1
   where f.division = village and f.closed_on is null and f.director_id is distinct from holder
     and (f.director_id is null or f.director_id = left_by);
end $$;
revoke all on function hutong_directors_follow(bigint, uuid, date) from public;
grant execute on function hutong_directors_follow(bigint, uuid, date) to hutong_web, hutong_worker, hutong_loader;
"""


class Migration(migrations.Migration):
    """One narrow door."""

    dependencies = [("people", "0003_file_numbers"), ("staff", "0003_session")]

    operations = [migrations.RunSQL(FOLLOW, "drop function hutong_directors_follow(bigint, uuid, date)")]
