-- Tokens follow their person as all rows below a person do, but are checked once a statement: with some twenty a person, a
-- key asked once a row at commit was a third of what the database does for an import. What the key promised still holds:
-- no token without its person in the person's village, also against a person deleted or moved at the same moment (the
-- lock), tokens move with the person, and a person that has tokens stays. The owner's functions see every row.
create function hutong_tokens_follow() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
declare told bigint; found bigint;
begin
  select count(*) into told from (select distinct person_id, division from made) t;
  select count(*) into found from (
    select 1 from people_person p join (select distinct person_id, division from made) t on p.id = t.person_id and p.division = t.division
    for key share of p) f;
  if found <> told then
    raise exception 'a token names no person of its village' using errcode = '23503', table = 'people_token';
  end if;
  return null;
end $$;
create trigger tokens_follow_added after insert on people_token
  referencing new table as made for each statement execute function hutong_tokens_follow();
create trigger tokens_follow_changed after update on people_token
  referencing new table as made for each statement execute function hutong_tokens_follow();

create function hutong_tokens_move() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  update people_token set person_id = new.id, division = new.division where person_id = old.id;
  return null;
end $$;
create trigger tokens_move after update of id, division on people_person for each row
  when ((old.id, old.division) is distinct from (new.id, new.division)) execute function hutong_tokens_move();

create function hutong_tokens_stay() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if exists (select 1 from people_token where person_id = old.id) then
    raise exception 'a person with tokens cannot be deleted' using errcode = '23503', table = 'people_token';
  end if;
  return null;
end $$;
create constraint trigger tokens_stay after delete on people_person deferrable initially deferred
  for each row execute function hutong_tokens_stay();

revoke all on function hutong_tokens_follow(), hutong_tokens_move(), hutong_tokens_stay() from public;
alter table people_token drop constraint people_token_person_id_follows;
