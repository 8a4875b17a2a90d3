/*
id: orphan
zh: 父母均已死亡，未按孤儿建档
en: both parents dead, no file as an orphan
legal: 国办发〔2010〕54号；民发〔2010〕161号
standing: sourced
concerns: 未满18周岁，父母双方都在死亡登记里
reads: [allowance, files]
evidence:
  - {column: father_state, zh: 父亲情形, en: state of the father, register_: father_register, since: father_since}
  - {column: mother_state, zh: 母亲情形, en: state of the mother, register_: mother_register, since: mother_since}
need: N5
severity: high
owner: county_officer
domain: judicial
proposes: ORPHAN
*/
select b.child as subject, 'Q1+Q1' as evidence_key, 'sure' as certainty, b.father_state, b.father_register, b.father_since, b.mother_state, b.mother_register, b.mother_since
from both_parents b
left anti join (select pid from allowance where kind in ('孤儿', '事实无人抚养')) a on a.pid = b.child
left anti join (select pid from files where kind = 'difficulty') f on f.pid = b.child
where b.outcome = 'orphan'
