"""What is known of one week's contact with the parents."""

from __future__ import annotations

from datetime import date

from hutong.exchange.field.kind import Body, Child, Context, Kind, Outcome, Short
from hutong.wellbeing import contacts


class Contact(Body):
    """See the contract."""

    child: Child
    week: Short
    direction: Short
    state: Short
    occurred_on: date | None = None


def apply(body: Contact, context: Context) -> Outcome:
    """Through the same door as the desk."""
    file = context.file(body.child)
    row = contacts.record_contact(
        file=file, direction=body.direction, week_key=body.week, state=body.state, occurred_on=body.occurred_on,
        by=context.by, at=context.at, op=context.sent.op,
    )  # fmt: skip
    return Outcome(file=file, made=("wellbeing.contact", row.pk))


KIND = Kind("contact", Contact, apply)
