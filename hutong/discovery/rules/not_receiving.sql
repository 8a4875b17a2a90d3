/*
id: not_receiving
zh: 已建档且符合孤儿或事实无人抚养，没有领取生活补贴
en: known, entitled as an orphan or de facto unsupported, and not receiving
legal: 国办发〔2010〕54号；民发〔2019〕62号
standing: sourced
concerns: 未满18周岁，已有困境儿童档案，父母情形符合，补贴名册里没有
reads: [files, allowance]
evidence:
  - {column: father_state, zh: 父亲情形, en: state of the father, register_: father_register, since: father_since}
  - {column: mother_state, zh: 母亲情形, en: state of the mother, register_: mother_register, since: mother_since}
  - {column: opened_on, zh: 建档日期, en: file opened on, register_: files, since: opened_on}
need: N1
severity: high
owner: county_officer
domain: judicial
*/
select b.child as subject, b.outcome as evidence_key, 'sure' as certainty, b.father_state, b.father_register, b.father_since, b.mother_state, b.mother_register, b.mother_since, f.opened_on
from both_parents b
join (select pid, min(opened_on) as opened_on from files where kind = 'difficulty' group by pid) f on f.pid = b.child
left anti join (select pid from allowance where kind in ('孤儿', '事实无人抚养')) a on a.pid = b.child
where b.outcome in ('uncared', 'orphan')
