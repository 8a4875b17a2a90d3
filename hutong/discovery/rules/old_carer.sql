/*
id: old_carer
zh: 户内只有70岁以上老人照看三个以上孩子
en: a carer over 70 with three or more children
legal: 国发〔2016〕13号
standing: proposed
concerns: 同户三个以上未满18周岁的孩子，户内在家的成年人都在70岁以上
reads: [employment]
evidence:
  - {column: carer_age, zh: 在家最年轻成年人的年龄, en: age of the youngest adult at home, register_: police}
  - {column: children, zh: 户内孩子数, en: children of the household, register_: police}
need: N5
severity: middle
owner: county_officer
domain: care
*/
with many as (select household_id, count(*) as children from child group by household_id)
select c.pid as subject, concat('children-', cast(m.children as string)) as evidence_key, 'review' as certainty, h.carer_age, m.children
from child c cross join limits l
join many m on m.household_id = c.household_id
join home h on h.household_id = c.household_id
where m.children >= l.carer_children and h.carer_age >= l.carer_age
