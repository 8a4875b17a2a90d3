"""Tables of the room: a census's deliveries, what phones send, and departments' feeds."""

from hutong.exchange.models.census import Delivery, Mapping, Row
from hutong.exchange.models.feeds import Channel, CityDelivery, CityRow, FeedDelivery, FeedRow, SharingAgreement
from hutong.exchange.models.phone import Blob, BlobPart, Conflict, FieldOperation

__all__ = [
    "Blob", "BlobPart", "Channel", "CityDelivery", "CityRow", "Conflict", "Delivery", "FeedDelivery", "FeedRow", "FieldOperation",
    "Mapping", "Row", "SharingAgreement",
]  # fmt: skip
