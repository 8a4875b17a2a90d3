-- One row for each child and parent. A parent under several conditions counts by the one that decides: dead, then P, then missing.
-- `unknown`: the police name no such parent, or one they do not have.
with ranked as (
  select pid, kind, what, source_register, since,
    row_number() over (partition by pid order by case kind when 'Q1' then 1 when 'P' then 2 else 3 end, since, source_register, what) as place
  from condition
),
sides as (
  select pid as child, 'father' as side, father as parent from child
  union all
  select pid, 'mother', mother from child
)
select s.child, s.side, s.parent,
  case when s.parent is null then 'unknown' else coalesce(r.kind, 'none') end as standing,
  case when s.parent is null then '不详' else coalesce(r.what, '未见上述情形') end as what,
  coalesce(r.source_register, 'police') as source_register, r.since
from sides s left join ranked r on r.pid = s.parent and r.place = 1
