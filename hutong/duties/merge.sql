-- Bring the duties table to what is owed: new rows in, open rows settled, missed or re-planned, what no longer applies said so.
-- Final rows are never touched, except that a missed one learns that it was done late.
, inserted as (
  insert into duties_duty (id, obligation, obligation_version, subject_kind, subject_id, file_id, division, organisation, period_key,
    bearer, owner_id, rank, opens_on, due_on, final_on, state, done_on, late_done_on, settled_kind, settled_id, missed_on, reason,
    decided_by_id, level, why, created_at)
  select hutong_uuid7(), o.obligation, %(version)s, 'people.file', o.file, o.file, o.division, null, o.period_key,
    o.bearer, o.owner_id, o.attention_rank, o.opens_on, o.due_on, o.final_on, o.state,
    case when o.state in ('done', 'late_done') then o.done_on end, case when o.state = 'missed' then o.done_on end,
    '', null, case when o.state = 'missed' then o.final_on + 1 end, '', null, 0, '{}', %(at)s
  from owed_now o
  where o.due_on is not null
    and (o.fresh or not exists (select 1 from duties_duty d where d.subject_id = o.file and d.obligation = o.obligation))
    and not exists (select 1 from duties_duty d where d.subject_id = o.file and d.obligation = o.obligation and d.period_key = o.period_key)
  on conflict do nothing
  returning 1
), planned as (
  -- A changed rule re-plans the future only: a due day that would have passed already stays as it was told.
  select d.id, o.done_on, o.attention_rank, o.owner_id, o.opens_on,
    case when o.due_on >= %(on)s then o.due_on else d.due_on end as due_on,
    case when o.due_on >= %(on)s then o.final_on else d.final_on end as final_on
  from duties_duty d join owed_now o on o.file = d.subject_id and o.obligation = d.obligation and o.period_key = d.period_key
  where d.state = 'due' and (%(only)s::uuid[] is null or d.subject_id = any(%(only)s::uuid[]))
), settled as (
  update duties_duty d set
    due_on = p.due_on, final_on = p.final_on, rank = p.attention_rank,
    owner_id = p.owner_id,
    state = case when p.done_on <= p.due_on then 'done' when p.done_on <= p.final_on then 'late_done' when p.final_on < %(on)s then 'missed' else 'due' end,
    done_on = case when p.done_on <= p.final_on then p.done_on end,
    late_done_on = case when p.done_on > p.final_on then p.done_on end,
    missed_on = case when coalesce(p.done_on, 'infinity'::date) > p.final_on and p.final_on < %(on)s then p.final_on + 1 end
  from planned p
  where d.id = p.id and (p.done_on is not null or p.final_on < %(on)s or d.due_on <> p.due_on or d.rank <> p.attention_rank
    or d.owner_id is distinct from p.owner_id)
  returning 1
), belated as (
  update duties_duty d set late_done_on = o.done_on
  from owed_now o
  where o.file = d.subject_id and o.obligation = d.obligation and o.period_key = d.period_key
    and d.state = 'missed' and d.late_done_on is null and o.done_on is not null
    -- Said although the join says it: without it the statement for one file went through every missed duty of the city.
    and (%(only)s::uuid[] is null or d.subject_id = any(%(only)s::uuid[]))
  returning 1
), overdue as (
  -- What was not done by its last day is missed, also when the facts have moved on since.
  -- Duties about something else than a file (a report, a lead) have their due day alone; the nightly run sees to them.
  update duties_duty d set state = 'missed', missed_on = d.final_on + 1
  where d.state = 'due' and d.final_on < %(on)s
    and (%(only)s::uuid[] is null or d.subject_kind = 'people.file' and d.subject_id = any(%(only)s::uuid[]))
    and d.obligation = any(%(obligations)s)
    and not exists (select 1 from owed_now o where o.file = d.subject_id and o.obligation = d.obligation and o.period_key = d.period_key)
  returning 1
), lapsed as (
  update duties_duty d set state = 'not_applicable', reason = '按 ' || %(on)s || ' 的情况不再需要'
  where d.state = 'due' and d.final_on >= %(on)s and d.subject_kind = 'people.file' and (%(only)s::uuid[] is null or d.subject_id = any(%(only)s::uuid[]))
    and d.obligation = any(%(obligations)s)
    and not exists (select 1 from owed_now o where o.file = d.subject_id and o.obligation = d.obligation and o.period_key = d.period_key)
  returning 1
)
select (select count(*) from inserted), (select count(*) from settled) + (select count(*) from overdue), (select count(*) from belated), (select count(*) from lapsed)
