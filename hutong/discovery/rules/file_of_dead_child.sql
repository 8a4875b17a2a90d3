/*
id: file_of_dead_child
zh: 档案在册的孩子在死亡登记里
en: a child with a file is registered as dead
legal: 民发〔2019〕62号（动态管理）
standing: proposed
concerns: 在册档案的孩子在死亡登记里；先核实是否同一人，再由县（区）办理减员
reads: [files, death]
evidence:
  - {column: died_on, zh: 死亡登记日期, en: registered as dead on, register_: death, since: died_on}
  - {column: opened_on, zh: 建档日期, en: file opened on, register_: files, since: opened_on}
need: N20
severity: middle
owner: county_officer
domain: care
opens: false
*/
select p.pid as subject, 'dead' as evidence_key, 'review' as certainty, min(d.died_on) as died_on, min(f.opened_on) as opened_on
from person p cross join limits l
join files f on f.pid = p.pid
join death d on d.pid = p.pid
where p.age < l.adult_age
group by p.pid
