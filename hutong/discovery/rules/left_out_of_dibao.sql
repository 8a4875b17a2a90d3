/*
id: left_out_of_dibao
zh: 同户家人在低保名册，孩子不在
en: the family is on minimum living allowance, the child is not
legal: 民发〔2021〕57号
standing: sourced
concerns: 未满18周岁，同一户口的父或母在低保名册，本人不在任何救助名册
reads: [dibao]
evidence:
  - {column: members, zh: 同户领取人数, en: members of the household who receive, register_: dibao, since: since}
need: N1
severity: low
owner: county_officer
domain: aid
*/
with homes as (
  select p.household_id, count(distinct p.pid) as members, min(d.since) as since
  from dibao d join person p on p.pid = d.pid where d.kind = '低保' and p.household_id is not null group by p.household_id
)
select c.pid as subject, 'household' as evidence_key, 'review' as certainty, h.members, h.since
from child c
join homes h on h.household_id = c.household_id
left anti join dibao k on k.pid = c.pid
