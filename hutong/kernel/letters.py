"""Letters to the server: what a phone sealed so that only the server can open it, its own owner included.

ECDH on P-256 with a key of one letter's own, HKDF-SHA256, AES-256-GCM: what every browser has. (SM2 and SM4 are in none; the
letter is one more cover inside TLS, and what it holds is sealed with SM4 once it is here.) The server's private key is derived from
the sealing key of the same number, so that it is kept, backed up and rotated with it.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from hutong.kernel import ciphers

INFO = b"hutong-outbox-1"
_CURVE = ec.SECP256R1()
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # of P-256 (FIPS 186-4)


def server_key() -> dict[str, Any]:
    """The public key phones seal to now: {"id": number of the key as text, "jwk": the key as JSON Web Key (RFC 7517)}."""
    numbers = _private(ciphers.current_key()).public_key().public_numbers()
    point = {name: _b64(getattr(numbers, name).to_bytes(32, "big")) for name in "xy"}
    return {"id": str(ciphers.current_key()), "jwk": {"kty": "EC", "crv": "P-256", **point}}


def open_letter(letter: Mapping[str, Any]) -> bytes:
    """What is inside {"key", "epk", "iv", "data"}. Raises ciphers.Unsealable for anything that does not open."""
    try:
        x, y = (int.from_bytes(_bytes(letter["epk"][name]), "big") for name in "xy")
        point = ec.EllipticCurvePublicNumbers(x, y, _CURVE)
        shared = _private(int(letter["key"])).exchange(ec.ECDH(), point.public_key())
        once = HKDF(hashes.SHA256(), 32, salt=None, info=INFO).derive(shared)
        return AESGCM(once).decrypt(_bytes(letter["iv"]), _bytes(letter["data"]), None)
    except (KeyError, TypeError, ValueError, InvalidTag, binascii.Error) as error:
        raise ciphers.Unsealable("letter") from error


PARCEL = b"HTP1"


def open_parcel(content: bytes, about: str) -> bytes:
    """What is inside a parcel: mark, length of the head (4 bytes), head {"iv", "letter"}, and what the letter's key encrypts.

    `about` is bound in. What bears no mark is returned as it is. Raises ciphers.Unsealable for a parcel that does not open.
    """
    if not content.startswith(PARCEL):
        return content
    try:
        begin = len(PARCEL) + 4
        end = begin + int.from_bytes(content[len(PARCEL) : begin], "big")
        head = json.loads(content[begin:end])
        once = _bytes(json.loads(open_letter(head["letter"]))["key"])
        return AESGCM(once).decrypt(_bytes(head["iv"]), content[end:], about.encode())
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError, InvalidTag) as error:
        raise ciphers.Unsealable("parcel") from error


def _private(number: int) -> ec.EllipticCurvePrivateKey:
    scalar = int.from_bytes(ciphers.derived(number, b"hutong letters", 48), "big") % (_ORDER - 1) + 1
    return ec.derive_private_key(scalar, _CURVE)


def _b64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    """Base 64 as browsers write it, in either alphabet, padded or not."""
    plain = text.replace("-", "+").replace("_", "/")
    return base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True)
