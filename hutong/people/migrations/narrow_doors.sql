-- The three narrow doors through row security. Each is audited and tested.

-- Is this identifier (blind index) known, here or elsewhere? The person is named only inside the caller's area.
create function hutong_match_identifier(wanted text) returns table (place text, person uuid)
language sql stable security definer set search_path = public, pg_temp as $$
  select case when p.division <@ hutong_ranges() and not p.restricted then 'here' else 'elsewhere' end,
         case when p.division <@ hutong_ranges() and not p.restricted then p.id end
  from people_person p
  where p.id_key = wanted and p.canonical_id is null and hutong_user() is not null
$$;

-- The county that keeps the file of a child outside the caller's area: exact identity number and name, never a restricted file.
create function hutong_point_out(wanted text, person_name text) returns table (county bigint)
language plpgsql volatile security definer set search_path = public, pg_temp as $$
begin
  if hutong_user() is null or not ('identity' = any(hutong_reads())) then
    return;
  end if;
  insert into kernel_access (id, what, subject_kind, subject_id, division, user_id, at, purpose, data)
  select gen_random_uuid(), 'pointer', 'people.person', p.id, p.division, hutong_user(), clock_timestamp(), coalesce(current_setting('hutong.purpose', true), ''), '{}'
  from people_person p where p.id_key = wanted and p.name = person_name;
  return query
    select f.division / 1000000 * 1000000
    from people_person p join people_file f on f.child_id = p.id and f.closed_on is null
    where p.id_key = wanted and p.name = person_name and p.canonical_id is null and not p.restricted and not f.restricted;
end $$;

-- Hand a child over: the only way a row leaves the caller's area.
create function hutong_hand_over(child uuid, target bigint) returns void
language plpgsql volatile security definer set search_path = public, pg_temp as $$
declare old bigint;
begin
  select division into old from people_person where id = child for update;
  if old is null or not (old <@ hutong_ranges()) or not ('identity' = any(hutong_writes())) then
    raise exception 'not the caller''s child' using errcode = '42501';
  end if;
  if not exists (select 1 from places_division d where d.code = target and d.level = 5 and d.valid_to is null) then
    raise exception 'not a village' using errcode = '22023';
  end if;
  update people_person set division = target, version = version + 1 where id = child;
  insert into kernel_event (id, kind, subject_kind, subject_id, division, domain, user_id, happened_at, entered_at, written_at, op, data)
  values (gen_random_uuid(), 'people.person.handed_over', 'people.person', child, old, 'identity', hutong_user(),
          clock_timestamp(), clock_timestamp(), clock_timestamp(), null, jsonb_build_object('from', old, 'to', target));
end $$;

revoke all on function hutong_match_identifier(text), hutong_point_out(text, text), hutong_hand_over(uuid, bigint) from public;
grant execute on function hutong_match_identifier(text), hutong_point_out(text, text), hutong_hand_over(uuid, bigint) to hutong_web, hutong_worker, hutong_loader;
