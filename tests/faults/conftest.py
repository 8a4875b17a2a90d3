"""The phone app as built, for schedules on it."""

from tests.field.conftest import app  # noqa: F401
