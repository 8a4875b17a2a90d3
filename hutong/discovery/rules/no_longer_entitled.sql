/*
id: no_longer_entitled
zh: 仍在领取儿童补贴，但已成年、已死亡或父母情形不再符合
en: still receiving, though adult, dead, or a parent can care again
legal: 民发〔2019〕62号（动态管理）
standing: sourced
concerns: 补贴名册里领取孤儿、事实无人抚养补贴的人；只提示核实，不停发
reads: [allowance, death]
evidence:
  - {column: because, zh: 可能不再符合的原因, en: why perhaps no longer, register_: because_register, since: because_on}
  - {column: kind, zh: 领取的补贴, en: allowance received, register_: allowance, since: since}
need: N1
severity: low
owner: county_officer
domain: aid
opens: false
*/
with paid as (select pid, max(kind) as kind, max(since) as since from allowance where kind in ('孤儿', '事实无人抚养') and pid is not null group by pid),
dead as (select pid, min(died_on) as died_on from death where pid is not null group by pid)
select a.pid as subject,
  case when d.pid is not null then 'dead' when p.age >= l.adult_age then 'adult' else 'parent' end as evidence_key,
  case when d.pid is not null or p.age >= l.adult_age then 'sure' else 'review' end as certainty,
  case when d.pid is not null then '死亡登记里有本人' when p.age >= l.adult_age then '已满18周岁' else '至少一方父母未见不能抚养的情形' end as because,
  case when d.pid is not null then 'death' else 'police' end as because_register,
  case when d.pid is not null then d.died_on when p.age >= l.adult_age then p.birth_date else null end as because_on,
  a.kind, a.since
from paid a cross join limits l
join person p on p.pid = a.pid
left join dead d on d.pid = a.pid
left join both_parents b on b.child = a.pid
where d.pid is not null or p.age >= l.adult_age or b.father_standing = 'none' or b.mother_standing = 'none'
