-- Everybody the police know, with parents as person ids; the same on whatever day. Parents' numbers are the police's own.
select p.pid, p.name, p.sex, p.birth_date, p.division, p.household_id, p.relation, f.pid as father, m.pid as mother
from police p
left join numbered f on f.id_no = p.father_id_no
left join numbered m on m.id_no = p.mother_id_no
