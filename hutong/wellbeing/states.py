"""The steps of an entrusted-care agreement: drafted, signed, told to school and village, in force, ended."""

from __future__ import annotations

AGREEMENT: dict[str, frozenset[str]] = {
    "draft": frozenset({"signed", "ended"}),
    "signed": frozenset({"notified", "alert", "ended"}),
    "notified": frozenset({"active", "alert", "ended"}),
    "active": frozenset({"alert", "ended"}),
    "alert": frozenset({"active", "ended"}),
    "ended": frozenset(),
}
RUNNING = frozenset({"signed", "notified", "active", "alert"})
