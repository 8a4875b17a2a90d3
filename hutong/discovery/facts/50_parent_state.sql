-- One row for each child and parent, from both_parents.
select child, 'father' as side, father as parent, father_standing as standing, father_state as what, father_register as source_register, father_since as since
from both_parents
union all
select child, 'mother', mother, mother_standing, mother_state, mother_register, mother_since from both_parents
