/*
id: uncared_for
zh: 疑似事实无人抚养，未建档未享受
en: presumably de facto unsupported, without file or allowance
legal: 民发〔2019〕62号；民发〔2020〕125号
standing: sourced
concerns: 未满18周岁，父母双方均符合重残、服刑、戒毒、失踪等情形，或一方死亡另一方符合；一方情况不详的交人工核实
reads: [allowance, files]
evidence:
  - {column: father_state, zh: 父亲情形, en: state of the father, register_: father_register, since: father_since}
  - {column: mother_state, zh: 母亲情形, en: state of the mother, register_: mother_register, since: mother_since}
need: N5
severity: high
owner: county_officer
domain: judicial
proposes: DE_FACTO_UNSUPPORTED
*/
select b.child as subject, concat(b.father_standing, '+', b.mother_standing) as evidence_key,
  case b.outcome when 'uncared' then 'sure' else 'review' end as certainty, b.father_state, b.father_register, b.father_since, b.mother_state, b.mother_register, b.mother_since
from both_parents b
left anti join (select pid from allowance where kind in ('孤儿', '事实无人抚养')) a on a.pid = b.child
left anti join (select pid from files where kind = 'difficulty') f on f.pid = b.child
where b.outcome in ('uncared', 'review')
