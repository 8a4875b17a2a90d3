/*
id: disabled_parent
zh: 父或母重度残疾，未建档
en: a parent severely disabled, no file
legal: 菏民〔2024〕6号（提高走访频次的对象）
standing: seed
concerns: 未满18周岁，父或母一、二级残疾或智力、精神残疾，没有档案；另一方未见不能照料的情形
reads: [disability, files]
evidence:
  - {column: who, zh: 残疾的一方, en: which parent, register_: disability, since: since}
need: N5
severity: low
owner: county_officer
domain: health
*/
select a.child as subject, a.side as evidence_key, 'review' as certainty,
  case a.side when 'father' then '父亲' else '母亲' end as who, a.since
from parent_state a
join parent_state o on o.child = a.child and o.side <> a.side
left anti join away w on w.pid = o.parent
left anti join files k on k.pid = a.child
where a.what = '重残' and o.standing = 'none'
