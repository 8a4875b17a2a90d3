-- Whose identity number is whose in the police register, of the numbers that stand there as a parent's; one that two bear is nobody's.
with named as (
  select distinct id_no from (select father_id_no as id_no from police union all select mother_id_no from police) where id_no is not null
)
select n.id_no, max(p.pid) as pid from named n join police p on p.id_no = n.id_no group by n.id_no having count(*) = 1
