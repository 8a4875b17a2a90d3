-- Whose identity number is whose in the police register, of the numbers that stand there as a parent's; one that two bear is nobody's.
with named as (
  select father_id_no as id_no from police where father_id_no is not null
  union all
  select mother_id_no from police where mother_id_no is not null
)
select p.id_no, max(p.pid) as pid from police p left semi join named n on n.id_no = p.id_no group by p.id_no having count(*) = 1
