"""Tables of the room: a census's deliveries, what phones send, and departments' feeds."""

from hutong.exchange.models.census import Delivery, Mapping, Row
from hutong.exchange.models.phone import Blob, BlobPart, Conflict, FieldOperation

__all__ = ["Blob", "BlobPart", "Conflict", "Delivery", "FieldOperation", "Mapping", "Row"]
