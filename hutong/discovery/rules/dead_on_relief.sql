/*
id: dead_on_relief
zh: 已登记死亡的孩子仍在低保、特困名册
en: a child registered as dead is still on relief
legal: 民发〔2021〕57号（动态管理）
standing: sourced
concerns: 死亡登记里的未成年人仍在低保、特困名册；只提示核实，不停发，也可能是比对有误
reads: [dibao, death]
evidence:
  - {column: died_on, zh: 死亡登记日期, en: registered as dead on, register_: death, since: died_on}
  - {column: relief, zh: 救助类别, en: kind of relief, register_: dibao, since: since}
need: N20
severity: low
owner: county_officer
domain: aid
opens: false
*/
select p.pid as subject, 'dead' as evidence_key, 'review' as certainty, min(d.died_on) as died_on, min(k.kind) as relief, min(k.since) as since
from person p cross join limits l
join death d on d.pid = p.pid
join dibao k on k.pid = p.pid
where p.age < l.adult_age
group by p.pid
