/*
id: parents_back
zh: 留守儿童档案在册，父母都不在外地就业登记里
en: a left-behind child's file, and no parent registered at work elsewhere
legal: 国发〔2016〕13号（动态管理）
standing: sourced
concerns: 留守儿童档案在册，父母双方都知道是谁、都没有外地就业登记；只提示核实是否返乡，不停止关爱
reads: [files, employment]
evidence:
  - {column: opened_on, zh: 建档日期, en: file opened on, register_: files, since: opened_on}
need: N20
severity: low
owner: county_officer
domain: care
opens: false
*/
select c.pid as subject, 'back' as evidence_key, 'review' as certainty, min(f.opened_on) as opened_on
from child c
join files f on f.pid = c.pid
left anti join away a on a.pid = c.father
left anti join away b on b.pid = c.mother
where f.kind = 'left_behind' and c.father is not null and c.mother is not null
group by c.pid
