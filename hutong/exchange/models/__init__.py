"""Tables of the room: a census's deliveries, what phones send, and departments' feeds."""

from hutong.exchange.models.census import Delivery, Mapping, Row
from hutong.exchange.models.feeds import FeedDelivery, FeedRow, SharingAgreement
from hutong.exchange.models.phone import Blob, BlobPart, Conflict, FieldOperation

__all__ = [
    "Blob", "BlobPart", "Conflict", "Delivery", "FeedDelivery", "FeedRow", "FieldOperation", "Mapping", "Row",
    "SharingAgreement",
]  # fmt: skip
