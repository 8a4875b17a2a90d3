"""How complete a child's file is (一人一档): which required items are there, looked up anew after each change.

Owns finding the items. What is required, and the figure, is policy (file_contents.yaml).
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from hutong.kernel.clock import day
from hutong.kernel.composed import composed
from hutong.people.models import File
from hutong.policy import completeness
from hutong.policy.categories.facts import Child
from hutong.staff.models import User

_LOOKED_UP = {"evidence", "father", "mother", "carer", "agreement", "contact", "health"}
# What `measure` reads of a file and its child.
_READ = (
    "completeness", "division", "last_visit_on", "school", "director", "child__name", "child__sex", "child__birth_date",
    "child__birth_precision", "child__id_key",
)  # fmt: skip
# As text: composed anew by the ORM for every page and every operation, it cost several times what the database needs.
_ITEMS = """
(with confirmed as (select kind, basis, evidence from people_category
                    where file_id = people_file.id and state = 'confirmed' and "end" is null),
      kin as (select k.relation, k.carer and p.phone_key <> '' as reached
              from people_kinship k join people_person p on p.id = k.relative_id
              where k.child_id = people_file.child_id and (k."end" is null or k."end" > %s)),
      facts as (select kind from people_circumstance where person_id = people_file.child_id
                and withdrawn_at is null and ("end" is null or "end" > %s))
 select array(select distinct 'kind:' || kind from confirmed) || array_remove(array[
    case when exists (select from confirmed where kind = 'IN_DIFFICULTY' and basis like '%%D2%%') then 'ill' end,
    case when exists (select from confirmed where kind in ('ORPHAN', 'DE_FACTO_UNSUPPORTED') and evidence <> '')
         then 'evidence' end,
    case when exists (select from kin where relation = '51') then 'father' end,
    case when exists (select from kin where relation = '52') then 'mother' end,
    case when exists (select from kin where reached) then 'carer' end,
    case when exists (select from wellbeing_agreement where file_id = people_file.id and state = 'active')
         then 'agreement' end,
    case when exists (select from wellbeing_contact where file_id = people_file.id and direction like 'parent\\_%%')
         then 'contact' end,
    case when exists (select from facts where kind = 'study_status') then 'study' end,
    case when exists (select from facts where kind in ('disability', 'serious_illness')) then 'health' end], null))
"""


def react(file: UUID, *, by: User, at: datetime) -> None:
    """Write the figure down again when it has changed. Called after every operation on a file."""
    on = day(at)
    if not (row := next(iter(_read(file, on)), None)):
        return
    found = measure(row, on)
    if found.percent != row.completeness:
        File.objects.filter(pk=file).update(completeness=found.percent)


@composed
def _read(file: UUID, on: date) -> QuerySet[File]:
    rows: QuerySet[File] = with_items(on).filter(pk=file, closed_on=None).select_related("child").only(*_READ)
    return rows


def of(file: File, on: date) -> completeness.Completeness:
    """What is there and what is missing, for the page of a file."""
    return measure(with_items(on).select_related("child").get(pk=file.pk), on)


def measure(row: Any, on: date) -> completeness.Completeness:
    """Completeness of a file that came with its items (`with_items`)."""
    kinds = {item.removeprefix("kind:") for item in row.items if item.startswith("kind:")}
    kinds |= {completeness.SELF} if "ill" in row.items else set()
    child = Child(row.child.birth_date, row.child.birth_precision)
    age = next((years for years in range(19) if child.under(years + 1, on)), None)
    return completeness.measure(_present(row), kinds, age)


def _present(row: Any) -> set[str]:
    child = row.child
    there = {
        "identity": bool(child.name and child.sex != "0" and child.birth_date),
        "id_number": bool(child.id_key),
        "address": bool(row.division),
        "category": any(item.startswith("kind:") for item in row.items),
        "first_visit": row.last_visit_on is not None,
        "school": bool(row.school_id) or "study" in row.items,
        "director": row.director_id is not None,
    }
    return {key for key, yes in there.items() if yes} | (_LOOKED_UP & set(row.items))


def with_items(on: date) -> Any:
    """Files with all that the figure needs as `items`, in one query; `measure` reads them."""
    return File.objects.annotate(items=RawSQL(_ITEMS, [on, on]))
