"""The same family once more, through the rooms' own operations: what the bulk rows are held against.

Only for the check: a family takes seconds this way.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from hutong.kernel.clock import ZONE
from hutong.people import categories, circumstances, files, persons
from hutong.people.models import Address, File, Household, HouseholdMember, Person
from hutong.staff.models import User
from hutong.wellbeing import agreements, contacts, flags, operations
from hutong.wellbeing.models import Agreement, Flag
from hutong.workbench.demo.county import Drawn
from hutong.workbench.demo.deciding import SOURCE
from hutong.workbench.demo.life import Record, Week, Went
from hutong.workbench.demo.people import Someone


def moment(on: date, hour: int = 12) -> datetime:
    """An hour of a day in China."""
    return datetime.combine(on, time(hour), ZONE)


class Replay:
    """Does with one drawn family what its director and officers would have done. `files` are the results, child by child."""

    def __init__(self, drawn: Drawn) -> None:
        self.drawn, self.family = drawn, drawn.family
        self.opened_at = moment(self.family.opened_on)
        workers = {
            one.id: one
            for one in (drawn.hands.director, drawn.hands.supervisor, drawn.hands.proposer, drawn.hands.confirmer)
        }
        users = User.objects.in_bulk(list(workers))
        self.director, self.supervisor = users[drawn.hands.director.id], users[drawn.hands.supervisor.id]
        self.proposer, self.confirmer = users[drawn.hands.proposer.id], users[drawn.hands.confirmer.id]
        self.people = {one.id: self._register(one) for one in self.family.children + self.family.adults}
        self._relate()
        self.files = [self._file(record) for record in drawn.records]
        for on, act in sorted(self._acts(), key=lambda pair: pair[0]):
            act(on)
        for record, file in zip(drawn.records, self.files, strict=True):
            self._settle(record, file)

    def _register(self, one: Someone) -> Person:
        return persons.register_person(
            division=one.division, name=one.name, sex=one.sex, birth_date=one.born, id_number=one.id_number, phone=one.phone,
            ethnicity="01", hukou_division=one.division, hukou_kind="rural", by=self.director, at=self.opened_at,
        )  # fmt: skip

    def _relate(self) -> None:
        """Household and address have no operation yet: written as the models stand."""
        family = self.family
        said: dict[str, Any] = {"by": self.director, "at": self.opened_at}
        home = Household.objects.create(division=family.division, address=family.address, source=SOURCE)
        gone = {fact.of.id for fact in family.facts if fact.kind in {"dead", "prison"}}
        for one in family.children + [adult for adult in family.adults if adult.id not in gone]:
            HouseholdMember.objects.create(household=home, person=self.people[one.id], division=family.division)
        for child in family.children:
            Address.objects.create(
                person=self.people[child.id],
                division=family.division,
                at_division=family.division,
                detail=family.address,
                source=SOURCE,
            )
        for kin in family.kin:
            circumstances.add_kin(
                child=self.people[kin.child.id], relative=self.people[kin.relative.id], relation=kin.relation,
                guardian=kin.guardian, carer=kin.carer, source=SOURCE, **said,
            )  # fmt: skip
        for fact in family.facts:
            circumstances.record(
                person=self.people[fact.of.id],
                kind=fact.kind,
                value=fact.value,
                start=fact.start,
                source=SOURCE,
                **said,
            )

    def _file(self, record: Record) -> File:
        file = files.open_file(
            child=self.people[record.child.id], on=self.family.opened_on, by=self.director, at=self.opened_at
        )
        if file.director_id != self.director.pk:
            file = files.assign_director(file=file, director=self.director, by=self.supervisor, at=self.opened_at)
        found = {one.category: one for one in categories.proposals(file, self.family.opened_on)}
        for proposal, confirmed in record.categories:
            row = categories.propose_category(
                file=file,
                kind=proposal.category,
                proposal=found[proposal.category],
                by=self.proposer,
                at=self.opened_at,
            )
            if confirmed:
                categories.decide(
                    category=row, confirm=True, on=record.decided_on, by=self.confirmer, at=moment(record.decided_on, 9)
                )
        return file

    def _acts(self) -> Iterator[tuple[date, Any]]:
        """Visits, attempts and contacts of all children, each with its day."""
        for record, file in zip(self.drawn.records, self.files, strict=True):
            for visit in record.visits:
                yield (
                    visit.on,
                    lambda on, file=file, visit=visit, last=visit is record.visits[-1]: self._visit(file, visit, last),
                )
            for week in record.weeks:
                yield week.on or week.sunday, lambda on, file=file, week=week: self._contact(file, week)
            for went in record.attempts:
                yield (
                    went.on,
                    lambda on, file=file, went=went: operations.record_attempt(
                        file=file, occurred_on=on, reason=went.reason, by=self.director, at=moment(went.entered_on, 18)
                    ),
                )

    def _visit(self, file: File, visit: Went, last: bool) -> None:
        answers = {
            name: value
            for part in (visit.answered.by_domain if visit.answered else {}).values()
            for name, value in part.items()
        }
        at = moment(visit.entered_on, 19)
        row = operations.record_visit(file=file, occurred_on=visit.on, answers=answers, by=self.director, at=at)
        if not last:
            for flag in Flag.objects.filter(file=file, source_id=row.pk, closed_at=None):
                flags.close_flag(flag=flag, outcome="已核实并处理", by=self.supervisor, at=at + timedelta(days=2))

    def _contact(self, file: File, week: Week) -> None:
        contacts.record_contact(
            file=file, direction=week.direction, week_key=week.week, state=week.state, occurred_on=week.on, channel=week.channel,
            told_by="carer", by=self.director, at=moment(week.on or week.sunday, 20),
        )  # fmt: skip

    def _settle(self, record: Record, file: File) -> None:
        """The agreement, and the level to which the supervisor brings the file after its last visit."""
        if record.agreement and self.family.carer:
            self._agree(record, file, self.people[self.family.carer.id])
        file.refresh_from_db()
        if (file.attention, file.attention_because) != (record.attention, record.attention_because):
            files.set_attention(
                file=file,
                level=record.attention,
                because=record.attention_because,
                by=self.supervisor,
                at=self.opened_at,
            )

    def _agree(self, record: Record, file: File, carer: Person) -> Agreement:
        said: dict[str, Any] = {"by": self.director, "at": self.opened_at + timedelta(days=30)}
        row = agreements.draft(
            file=file, carer=carer, relation=self.family.carer_relation, start=self.family.opened_on, reason="父母外出务工",
            bars=dict.fromkeys("abcd", False), **said,
        )  # fmt: skip
        signed = record.signed_on
        if record.agreement != "draft" and signed:
            row = agreements.sign(agreement=row, on=signed, **said)
            if record.agreement == "active":
                told = signed + timedelta(days=1)
                row = agreements.notify(agreement=row, village_on=told, school_on=told, **said)
                row = agreements.activate(agreement=row, **said)
            elif record.agreement == "alert":
                row = agreements.alert(agreement=row, because="照护人身体不好", **said)
        return row
