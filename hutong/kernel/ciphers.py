"""Sealing of identifiers (SM4-GCM) and their blind index (HMAC-SM3).

A sealed value is `key number (1 byte) · nonce (12) · ciphertext and tag`. The purpose ("id_number", "phone") is bound in
as associated data, so that a value copied into another column does not open. Keys come from `configure`,
each 32 bytes of secret by number; the highest number seals, every number opens, which is what rotation needs.
GM/T 0002 (SM4), GM/T 0004 (SM3); AES-GCM and SHA-256 by setting, for places without the GM duty.
"""

from __future__ import annotations

import hmac as _hmac
import os
from dataclasses import dataclass, field
from functools import cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_NONCE = 12
_TAG = 16


class Unsealable(Exception):
    """The value was damaged, belongs to another purpose, or its key is not here."""


@dataclass(frozen=True)
class _Key:
    cipher: algorithms.SM4 | algorithms.AES
    index: bytes
    secret: bytes = field(repr=False)


_KEYS: dict[int, _Key] = {}
_suite = "sm"


def configure(secrets: dict[int, bytes], *, suite: str = "sm", index_secret: bytes | None = None) -> None:
    """Set the keys: number 1..255 → secret of at least 32 bytes. The blind index uses `index_secret` (default: key 1's).

    Raises ValueError for a short secret, an unknown suite or no key.
    """
    global _suite
    if suite not in {"sm", "international"}:
        raise ValueError(f"unknown cipher suite {suite!r}")
    if not secrets or any(len(s) < 32 or not 0 < n < 256 for n, s in secrets.items()):
        raise ValueError("keys are numbered 1 to 255 and have at least 32 bytes")
    _suite = suite
    index = _derive(index_secret or secrets[min(secrets)], b"hutong blind index", 32)
    _KEYS.clear()
    _KEYS.update(
        {
            n: _Key(_algorithm(_derive(s, b"hutong seal", 16 if suite == "sm" else 32)), index, s)
            for n, s in secrets.items()
        }
    )
    _keyed.cache_clear()


def _derive(secret: bytes, info: bytes, length: int) -> bytes:
    return HKDF(hashes.SHA256(), length, b"hutong", info).derive(secret)


def derived(number: int, info: bytes, length: int) -> bytes:
    """Bytes for another use, from the secret of a key. Raises Unsealable when the key is not here."""
    if number not in _KEYS:
        raise Unsealable(f"key {number}")
    return _derive(_KEYS[number].secret, info, length)


def stable(info: bytes, length: int) -> bytes:
    """Bytes for another keyed digest that must outlive a change of the sealing keys: from the blind index's key."""
    return _derive(next(iter(_KEYS.values())).index, info, length)


def _algorithm(key: bytes) -> algorithms.SM4 | algorithms.AES:
    return algorithms.SM4(key) if _suite == "sm" else algorithms.AES(key)


@cache
def _keyed() -> HMAC:
    """The blind index's digest before any message: a copy of it costs a sixth of keying a new one."""
    return HMAC(next(iter(_KEYS.values())).index, hashes.SM3())


def current_key() -> int:
    """The number of the key that seals now."""
    return max(_KEYS)


def key_of(sealed: bytes) -> int:
    """The number of the key a value was sealed with."""
    return sealed[0]


def seal(text: str, purpose: str) -> bytes:
    """Encrypt a text for one purpose with the newest key."""
    return seal_bytes(text.encode(), purpose)


def seal_bytes(content: bytes, purpose: str) -> bytes:
    """Encrypt bytes (a piece of a picture) for one purpose with the newest key."""
    number, nonce = current_key(), os.urandom(_NONCE)
    encryptor = Cipher(_KEYS[number].cipher, modes.GCM(nonce)).encryptor()
    encryptor.authenticate_additional_data(purpose.encode())
    return b"".join((bytes((number,)), nonce, encryptor.update(content), encryptor.finalize(), encryptor.tag))


def unseal(sealed: bytes | memoryview, purpose: str) -> str:
    """Decrypt what `seal` made for the same purpose. Raises Unsealable."""
    try:
        return unseal_bytes(sealed, purpose).decode()
    except UnicodeDecodeError as error:
        raise Unsealable(purpose) from error


def unseal_bytes(sealed: bytes | memoryview, purpose: str) -> bytes:
    """Decrypt what `seal_bytes` made for the same purpose. Raises Unsealable."""
    raw = bytes(sealed)
    try:
        key = _KEYS[raw[0]].cipher
        decryptor = Cipher(key, modes.GCM(raw[1 : 1 + _NONCE], raw[-_TAG:])).decryptor()
        decryptor.authenticate_additional_data(purpose.encode())
        return decryptor.update(raw[1 + _NONCE : -_TAG]) + decryptor.finalize()
    except (KeyError, IndexError, ValueError, InvalidTag) as error:
        raise Unsealable(purpose) from error


def blind(text: str, purpose: str) -> str:
    """The blind index of a normalised text: 64 hex digits, equal for equal texts, keyed, not reversible."""
    message = f"{purpose}\x00{text}".encode()
    if _suite == "sm":
        mac = _keyed().copy()
        mac.update(message)
        return mac.finalize().hex()
    return _hmac.digest(next(iter(_KEYS.values())).index, message, "sha256").hex()
