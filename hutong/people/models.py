"""Persons, kin, households, circumstances, child files, categories, search tokens, duplicates.

A row's `division` is where the child lives. It is stored once, on the person; everything below follows by composite key
(kernel.rowsecurity.Follow), so that moving a child is one update.
"""

from __future__ import annotations

import pghistory
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from hutong.kernel.ids import uuid7
from hutong.kernel.models import Visible
from hutong.places.models import Organisation
from hutong.staff.models import User

_HISTORY = {"obj_field": None, "context_field": None, "append_only": True}
# Once a statement: an import writes thousands of rows with one, and a call for each was most of what they cost.
_BORN = pghistory.InsertEvent(level=pghistory.Statement)


@pghistory.track(_BORN, pghistory.UpdateEvent(), **_HISTORY)
class Person(models.Model):
    """A human being, for life. Not a case, not a file."""

    class Sex(models.TextChoices):
        """GB/T 2261.1."""

        UNKNOWN = "0", _("未知")
        MALE = "1", _("男")
        FEMALE = "2", _("女")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    division = models.BigIntegerField()
    name = models.CharField(max_length=80)
    sex = models.CharField(max_length=1, choices=Sex.choices, default=Sex.UNKNOWN)
    birth_date = models.DateField(null=True)
    birth_precision = models.CharField(max_length=5, default="day", help_text="day, month or year")
    ethnicity = models.CharField(max_length=2, blank=True, help_text="GB/T 3304")
    id_sealed = models.BinaryField(null=True)
    id_key = models.CharField(max_length=64, null=True, help_text="blind index of the citizen number")
    id_tail = models.CharField(max_length=4, blank=True)
    phone_sealed = models.BinaryField(null=True)
    phone_key = models.CharField(max_length=64, blank=True)
    hukou_division = models.BigIntegerField(null=True)
    hukou_kind = models.CharField(max_length=10, blank=True, help_text="rural or urban")
    canonical = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="merged", help_text="set when merged into another"
    )
    restricted = models.BooleanField(default=False)
    synthetic = models.BooleanField(default=False)
    version = models.IntegerField(default=1)
    created_at = models.DateTimeField()

    objects = Visible.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["division"], name="person_division"),
            models.Index(fields=["phone_key"], name="person_phone", condition=~Q(phone_key="")),
        ]
        constraints = [
            models.UniqueConstraint(name="person_id_key", fields=["id_key"], condition=Q(canonical=None)),
            models.UniqueConstraint(name="person_place", fields=["id", "division"]),
            models.CheckConstraint(name="person_not_its_own_twin", condition=Q(canonical=None) | ~Q(canonical=F("id"))),
        ]

    def __str__(self) -> str:
        return str(self.id)


@pghistory.track(_BORN, pghistory.UpdateEvent(), pghistory.DeleteEvent(), **_HISTORY)
class Kinship(models.Model):
    """What an adult is to a child, from when to when. `division` is the child's: through this row the adult is read."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    child = models.ForeignKey(Person, models.PROTECT, related_name="kin", db_constraint=False)
    relative = models.ForeignKey(Person, models.PROTECT, related_name="kin_of")
    division = models.BigIntegerField()
    relation = models.CharField(max_length=2, help_text="GB/T 4761: what the relative is to the child")
    guardian = models.BooleanField(default=False)
    carer = models.BooleanField(default=False)
    start = models.DateField(null=True)
    end = models.DateField(null=True)
    source = models.CharField(max_length=60)

    objects = Visible.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["relative", "division"], name="kinship_relative"),
            models.Index(fields=["child"], name="kinship_child"),
        ]
        constraints = [
            models.CheckConstraint(
                name="kinship_period", condition=Q(end=None) | Q(start=None) | Q(end__gte=F("start"))
            ),
            models.CheckConstraint(name="kinship_two_people", condition=~Q(child=F("relative"))),
        ]

    def __str__(self) -> str:
        return self.relation


class Household(models.Model):
    """People who live and eat together."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    division = models.BigIntegerField()
    address = models.CharField(max_length=200, blank=True)
    source = models.CharField(max_length=60)

    objects = Visible.as_manager()

    class Meta:
        indexes = [models.Index(fields=["division"], name="household_division")]

    def __str__(self) -> str:
        return str(self.id)


class HouseholdMember(models.Model):
    """Who belongs to a household, from when to when."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    household = models.ForeignKey(Household, models.PROTECT, related_name="members")
    person = models.ForeignKey(Person, models.PROTECT, related_name="households")
    division = models.BigIntegerField()
    start = models.DateField(null=True)
    end = models.DateField(null=True)

    objects = Visible.as_manager()

    class Meta:
        indexes = [models.Index(fields=["person"], name="member_person")]

    def __str__(self) -> str:
        return str(self.id)


class Address(models.Model):
    """Where a person lived, from when to when."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="addresses", db_constraint=False)
    division = models.BigIntegerField(help_text="row security: the person's present division")
    at_division = models.BigIntegerField(help_text="the division of this address")
    detail = models.CharField(max_length=200, blank=True)
    start = models.DateField(null=True)
    end = models.DateField(null=True)
    source = models.CharField(max_length=60)

    objects = Visible.as_manager()

    class Meta:
        indexes = [models.Index(fields=["person"], name="address_person")]

    def __str__(self) -> str:
        return str(self.at_division)


@pghistory.track(_BORN, pghistory.UpdateEvent(), **_HISTORY)
class Circumstance(models.Model):
    """A dated, sourced fact about a person that category rules read: away for work, dead, in custody, disabled, 低保…"""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="circumstances", db_constraint=False)
    division = models.BigIntegerField()
    domain = models.CharField(max_length=20)
    kind = models.CharField(max_length=40, help_text="policy codes: circumstance kinds")
    value = models.JSONField(default=dict)
    start = models.DateField(null=True)
    end = models.DateField(null=True)
    source = models.CharField(max_length=60)
    source_id = models.UUIDField(null=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.UUIDField(null=True)
    withdrawn_at = models.DateTimeField(null=True, help_text="recorded by mistake; the row stays")

    objects = Visible.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["person", "kind"], name="circumstance_person"),
            models.Index(fields=["division", "kind"], name="circumstance_division"),
        ]
        constraints = [
            models.CheckConstraint(
                name="circumstance_period", condition=Q(end=None) | Q(start=None) | Q(end__gte=F("start"))
            )
        ]

    def __str__(self) -> str:
        return self.kind


@pghistory.track(_BORN, pghistory.UpdateEvent(), **_HISTORY)
class File(models.Model):
    """A child's file (一人一档): one open file a child."""

    class Attention(models.TextChoices):
        """Attention level, rising."""

        GREEN = "green", _("绿")
        BLUE = "blue", _("蓝")
        YELLOW = "yellow", _("黄")
        RED = "red", _("红")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    number = models.CharField(max_length=30, unique=True)
    child = models.ForeignKey(Person, models.PROTECT, related_name="files", db_constraint=False)
    division = models.BigIntegerField()
    opened_on = models.DateField()
    closed_on = models.DateField(null=True)
    close_reason = models.CharField(max_length=40, blank=True)
    director = models.ForeignKey(User, models.PROTECT, null=True, related_name="files")
    school = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    attention = models.CharField(max_length=6, choices=Attention.choices, default=Attention.GREEN)
    attention_rank = models.SmallIntegerField(default=0, help_text="0 green … 3 red, for ordering")
    attention_because = models.CharField(max_length=200, blank=True)
    priority = models.BooleanField(default=False, help_text="重点关注对象")
    completeness = models.SmallIntegerField(null=True, help_text="percent of required items present")
    attention_on = models.DateField(null=True, help_text="since when the cadence of visits is what it is")
    updated_on = models.DateField(null=True, help_text="day on which the file was last brought up to date")
    rechecked_on = models.DateField(null=True, help_text="day of the last yearly recheck")
    last_visit_on = models.DateField(null=True)
    last_changed_on = models.DateField(null=True, help_text="day of the last reported change, for the update duty")
    restricted = models.BooleanField(default=False)
    synthetic = models.BooleanField(default=False)
    version = models.IntegerField(default=1)

    objects = Visible.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["division", "-attention_rank", "id"], name="file_division"),
            models.Index(fields=["child"], name="file_child"),
            models.Index(fields=["director"], name="file_director"),
        ]
        constraints = [
            models.UniqueConstraint(name="file_place", fields=["id", "division"]),
            models.UniqueConstraint(name="file_one_open", fields=["child"], condition=Q(closed_on=None)),
            models.CheckConstraint(
                name="file_closed_with_reason",
                condition=Q(closed_on=None, close_reason="") | Q(closed_on__isnull=False) & ~Q(close_reason=""),
            ),
        ]

    def __str__(self) -> str:
        return self.number


@pghistory.track(_BORN, pghistory.UpdateEvent(), **_HISTORY)
class Category(models.Model):
    """An episode of belonging to a category: proposed by a rule or a person, confirmed by another officer, ended with a reason."""

    class State(models.TextChoices):
        """From proposal to end."""

        PROPOSED = "proposed", _("待确认")
        CONFIRMED = "confirmed", _("已确认")
        REFUSED = "refused", _("不符合")
        ENDED = "ended", _("已退出")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    file = models.ForeignKey(File, models.PROTECT, related_name="categories", db_constraint=False)
    division = models.BigIntegerField()
    kind = models.CharField(max_length=40)
    basis = models.CharField(max_length=60, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PROPOSED)
    start = models.DateField(null=True)
    end = models.DateField(null=True)
    rule_version = models.CharField(max_length=40, blank=True)
    facts = models.JSONField(default=list, help_text="what the rule used")
    missing = models.JSONField(default=list, help_text="what the rule lacked")
    evidence = models.TextField(blank=True)
    proposed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=200, blank=True)
    prompt_on = models.DateField(
        null=True, help_text="day on which an expiry or a waiting term asks for a look; it never acts"
    )

    objects = Visible.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["file", "kind"], name="category_file"),
            models.Index(fields=["division", "state"], name="category_state"),
        ]
        constraints = [
            models.UniqueConstraint(
                name="category_once", fields=["file", "kind"], condition=Q(state__in=["proposed", "confirmed"])
            ),
            models.CheckConstraint(
                name="category_four_eyes",
                condition=Q(proposed_by=None)
                | Q(decided_by=None)
                | ~Q(proposed_by=F("decided_by"))
                | ~Q(state="confirmed"),
            ),
            models.CheckConstraint(
                name="category_decided",
                condition=Q(state="proposed") | Q(decided_by__isnull=False, decided_at__isnull=False),
            ),
            models.CheckConstraint(
                name="category_period", condition=Q(end=None) | Q(start=None) | Q(end__gte=F("start"))
            ),
        ]

    def __str__(self) -> str:
        return self.kind


class Token(models.Model):
    """A search token of a person: equality on (token, division) finds people under row security."""

    id = models.BigAutoField(primary_key=True)
    token = models.CharField(max_length=80)
    division = models.BigIntegerField()
    person = models.ForeignKey(Person, models.CASCADE, related_name="tokens", db_index=False, db_constraint=False)

    objects = Visible.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["token", "division", "person"], name="token_lookup"),
            models.Index(fields=["person"], name="token_person"),
        ]

    def __str__(self) -> str:
        return str(self.id)


class Pair(models.Model):
    """Two persons that may be one, with the reasons; a person's decision is never overturned."""

    class State(models.TextChoices):
        """What was decided."""

        OPEN = "open", _("待判断")
        MERGED = "merged", _("同一人")
        DISTINCT = "distinct", _("不是同一人")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    first = models.ForeignKey(Person, models.PROTECT, related_name="+")
    second = models.ForeignKey(Person, models.PROTECT, related_name="+")
    division = models.BigIntegerField()
    score = models.SmallIntegerField(help_text="0 to 100")
    reasons = models.JSONField(default=list)
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    objects = Visible.as_manager()

    class Meta:
        indexes = [models.Index(fields=["division", "state"], name="pair_state")]
        constraints = [
            models.UniqueConstraint(name="pair_once", fields=["first", "second"]),
            models.CheckConstraint(name="pair_ordered", condition=Q(first__lt=F("second"))),
        ]

    def __str__(self) -> str:
        return str(self.id)


class Merge(models.Model):
    """Two persons joined: both rows stay, one points to the other, and it can be undone."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kept = models.ForeignKey(Person, models.PROTECT, related_name="+")
    merged = models.ForeignKey(Person, models.PROTECT, related_name="+")
    division = models.BigIntegerField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    before = models.JSONField(default=dict)

    objects = Visible.as_manager()

    def __str__(self) -> str:
        return str(self.id)
