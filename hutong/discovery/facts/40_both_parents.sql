-- The matrix of domain.md §1.4: each child's two parents side by side, and what follows. Null: nothing follows.
-- A parent under several conditions counts by the one that decides: dead, then P, then missing.
-- `unknown`: the police name no such parent, or one they do not have.
with ranked as (
  select pid, kind, what, source_register, since,
    row_number() over (partition by pid order by case kind when 'Q1' then 1 when 'P' then 2 else 3 end, since, source_register, what) as place
  from condition
),
sides as (
  select c.pid as child, c.father, c.mother,
    case when c.father is null then 'unknown' else coalesce(f.kind, 'none') end as father_standing,
    case when c.father is null then '不详' else coalesce(f.what, '未见上述情形') end as father_state,
    coalesce(f.source_register, 'police') as father_register, f.since as father_since,
    case when c.mother is null then 'unknown' else coalesce(m.kind, 'none') end as mother_standing,
    case when c.mother is null then '不详' else coalesce(m.what, '未见上述情形') end as mother_state,
    coalesce(m.source_register, 'police') as mother_register, m.since as mother_since
  from child c
  left join ranked f on f.pid = c.father and f.place = 1
  left join ranked m on m.pid = c.mother and m.place = 1
)
select s.*,
  case
    when s.father_standing = 'none' or s.mother_standing = 'none' then null
    when s.father_standing = 'unknown' or s.mother_standing = 'unknown' then 'review'
    when s.father_standing = 'Q1' and s.mother_standing = 'Q1' then 'orphan'
    when s.father_standing <> 'P' and s.mother_standing <> 'P' then 'review'
    else 'uncared'
  end as outcome
from sides s
