"""Who may act: users, their posts, grants, notices to them, and how often they may ask."""

from __future__ import annotations

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from hutong.kernel.ids import uuid7
from hutong.kernel.models import Visible
from hutong.places.models import Organisation


class UserManager(BaseUserManager["User"]):
    """What Django's sign-in needs to find a user."""

    def get_by_natural_key(self, username: str | None) -> User:
        """By sign-in name."""
        return self.get(username=username)


class User(AbstractBaseUser):
    """A person who signs in. Rights come from posts alone; there is no superuser."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    username = models.CharField(
        max_length=60, unique=True, help_text="phone number or a name given by the administrator"
    )
    name = models.CharField(max_length=60)
    phone = models.CharField(max_length=20, blank=True)
    email = models.CharField(max_length=100, blank=True)
    language = models.CharField(max_length=10, default="zh-hans")
    large_type = models.BooleanField(default=False)
    shortcuts = models.BooleanField(default=True)
    is_active = models.BooleanField(default=True)
    synthetic = models.BooleanField(default=False)
    slip_hash = models.CharField(
        max_length=200, blank=True, help_text="hash of the activation code printed on the slip"
    )
    slip_expires_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["name"]

    objects = UserManager()

    def __str__(self) -> str:
        return self.name

    def get_full_name(self) -> str:
        """For Django's and allauth's pages."""
        return self.name


class Post(models.Model):
    """A role held at a place, for an organisation, for a period `[start, end)`."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(User, models.PROTECT, related_name="posts")
    role = models.CharField(max_length=30)
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="posts")
    division = models.BigIntegerField()
    start = models.DateField()
    end = models.DateField(null=True)

    objects = Visible.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["division", "role"], name="post_division"),
            models.Index(fields=["user"], name="post_user"),
        ]
        constraints = [
            models.CheckConstraint(name="post_period", condition=Q(end=None) | Q(end__gte=F("start"))),
            models.UniqueConstraint(name="post_once", fields=["user", "role", "division"], condition=Q(end=None)),
        ]

    def __str__(self) -> str:
        return f"{self.role}@{self.division}"


class Grant(models.Model):
    """One user may see one restricted or foreign subject for a time, because somebody said why."""

    class Kind(models.TextChoices):
        """Named by an officer, or taken in an emergency."""

        NAMED = "named", _("指定查阅人")
        EMERGENCY = "emergency", _("紧急查阅")

    class Verdict(models.TextChoices):
        """What the data protection officer found."""

        JUSTIFIED = "justified", _("理由成立")
        UNJUSTIFIED = "unjustified", _("理由不成立")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(User, models.PROTECT, related_name="grants")
    subject_id = models.UUIDField()
    division = models.BigIntegerField()
    start = models.DateTimeField()
    end = models.DateTimeField(null=True)
    because = models.CharField(max_length=200)
    given_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.NAMED, db_default="named")
    verdict = models.CharField(max_length=12, choices=Verdict.choices, blank=True, db_default="")
    review_note = models.CharField(max_length=200, blank=True, db_default="")
    reviewed_at = models.DateTimeField(null=True)
    reviewed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False)

    objects = Visible.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["user", "end"], name="grant_user"),
            models.Index(fields=["subject_id"], name="grant_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} → {self.subject_id}"


class Notice(models.Model):
    """A sentence for one user, without personal data, that points to a subject."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(User, models.PROTECT, related_name="notices")
    kind = models.CharField(max_length=40)
    text = models.CharField(max_length=200)
    subject_kind = models.CharField(max_length=40, blank=True)
    subject_id = models.UUIDField(null=True)
    division = models.BigIntegerField(default=0)
    urgent = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["user", "read_at", "-created_at"], name="notice_user")]

    def __str__(self) -> str:
        return self.kind


class RateBucket(models.Model):
    """A token bucket: what a user may still do of one kind, refilled with time."""

    key = models.CharField(max_length=120, primary_key=True)
    tokens = models.FloatField()
    updated_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.key


class Session(AbstractBaseSession):
    """A signed-in browser."""

    user_id = models.UUIDField(null=True)

    class Meta(AbstractBaseSession.Meta):  # type: ignore[name-defined]  # the stubs forget it
        indexes = [models.Index(fields=["user_id"], name="session_user")]

    @classmethod
    def get_session_store_class(cls) -> type[SessionBase]:
        """The store that writes this table."""
        from hutong.staff.sessions import SessionStore

        return SessionStore


class Device(models.Model):
    """A phone (or one browser on it) that keeps a pack of children and work not yet sent."""

    class Store(models.TextChoices):
        """Where the app keeps its data: WeChat and the browser do not share."""

        BROWSER = "browser", _("浏览器")
        WECHAT = "wechat", _("微信")

    id = models.UUIDField(primary_key=True, editable=False, help_text="chosen by the phone")
    user = models.ForeignKey(User, models.PROTECT, related_name="devices")
    division = models.BigIntegerField(help_text="the post's place: who supervises it sees the phone")
    name = models.CharField(max_length=80)
    store = models.CharField(max_length=8, choices=Store.choices)
    version = models.SmallIntegerField(default=1, help_text="of the contract the app speaks")
    registered_at = models.DateTimeField()
    last_sync_at = models.DateTimeField(null=True)
    unsent = models.IntegerField(default=0, help_text="what the phone said it still holds")
    skew_seconds = models.BigIntegerField(null=True, help_text="phone's clock minus ours at the last sync")
    pack = models.JSONField(default=dict, help_text="file → digest of what the phone was given last")
    pack_number = models.IntegerField(default=0, help_text="of that pack: the cursor")
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False)

    objects = Visible.as_manager()

    class Meta:
        indexes = [models.Index(fields=["division", "-last_sync_at"], name="device_division")]

    def __str__(self) -> str:
        return str(self.id)


class Message(models.Model):
    """A line sent outside the platform (SMS, WeCom, DingTalk): counts only, never a child. One digest a day a channel."""

    class State(models.TextChoices):
        """Until the channel has taken it, or all tries have failed."""

        WAITING = "waiting", _("待发送")
        SENT = "sent", _("已发送")
        FAILED = "failed", _("没有发出")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    division = models.BigIntegerField(default=0, db_default=0, help_text="of the post of whom it was sent to")
    channel = models.CharField(max_length=10)
    key = models.CharField(max_length=50, help_text="digest:DAY, or urgent:NOTICE: the same is never sent twice")
    text = models.CharField(max_length=200)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    tries = models.SmallIntegerField(default=0)
    receipt = models.CharField(max_length=100, blank=True, help_text="what the channel answered it took it under")
    trouble = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    objects = Visible.as_manager()

    class Meta:
        indexes = [models.Index(fields=["division", "-created_at"], name="message_division")]
        constraints = [models.UniqueConstraint(name="message_once", fields=["user", "channel", "key"])]

    def __str__(self) -> str:
        return f"{self.channel} {self.key}"
