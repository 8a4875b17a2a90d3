/*
id: barred_carer
zh: 共同生活的成年人被撤销监护资格、禁止从业或有家暴告诫
en: an adult of the household was barred from care or warned for violence
legal: 未成年人保护法第62条、第94条、第108条；反家庭暴力法第16条
standing: sourced
concerns: 未满18周岁，父母或同户成年人在法院、公安的禁止名单里；父母本人被撤销监护的证据齐全，其余交人工核实
reads: [barred]
evidence:
  - {column: barred_what, zh: 名单类别, en: kind of entry, register_: barred, since: since}
  - {column: who, zh: 是谁, en: who, register_: police}
need: N6
severity: high
owner: county_officer
domain: judicial
*/
with people_near as (
  select pid as child, father as adult, '父亲' as who from child where father is not null
  union all
  select pid, mother, '母亲' from child where mother is not null
  union all
  select c.pid, p.pid, '同户成年人' from child c join person p on p.household_id = c.household_id cross join limits l
  where p.age >= l.adult_age and (c.father is null or p.pid <> c.father) and (c.mother is null or p.pid <> c.mother)
),
ranked as (
  select n.child, n.who, b.kind as barred_what, b.since,
    row_number() over (partition by n.child order by case when b.kind = '撤销监护' and n.who <> '同户成年人' then 1 else 2 end, b.since desc, n.who, b.kind) as place
  from people_near n join barred b on b.pid = n.adult
)
select child as subject, concat(who, '-', coalesce(barred_what, '不详')) as evidence_key,
  case when barred_what = '撤销监护' and who <> '同户成年人' then 'sure' else 'review' end as certainty, barred_what, since, who
from ranked where place = 1
