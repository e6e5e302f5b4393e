"""What staff carry in their pockets: an authenticator app, and passkeys made of software."""

import base64
import hashlib
import hmac
import json
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

STEP = 30


def app_code(secret: str, at: datetime | None = None, later: int = 0) -> str:
    """What an app shows so many half minutes later, straight from RFC 4226 and 6238."""
    step = int((at or datetime.now(UTC)).timestamp()) // STEP + later
    key = base64.b32decode(secret.replace(" ", ""))
    mac = hmac.new(key, step.to_bytes(8), hashlib.sha1).digest()
    start = mac[-1] & 15
    number = int.from_bytes(mac[start : start + 4]) & 0x7FFFFFFF
    return f"{number % 1_000_000:06}"


def shown_secret(page: str) -> str:
    """The secret for an authenticator app that a page shows in words."""
    found = re.search(r'id="secret"[^>]*>([A-Z2-7 ]+)<', page)
    assert found is not None, page
    return found[1]


@dataclass
class SoftKey:
    """One passkey of somebody; it signs whatever it is asked to, as it is told to."""

    name: str = "localhost"
    origin: str = "http://localhost:8000"
    verified: bool = True
    count: int = 0
    id: bytes = b"\x07" * 16
    private: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )

    def make(self, options: dict[str, Any]) -> str:
        """The answer to a wish for a new passkey."""
        numbers = self.private.public_key().public_numbers()
        public = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32), -3: numbers.y.to_bytes(32)}
        held = bytes(16) + len(self.id).to_bytes(2) + self.id + cbor2.dumps(public)
        made = {"fmt": "none", "attStmt": {}, "authData": self._said(0x40) + held}
        client = self._client("webauthn.create", options)
        return self._answer(clientDataJSON=client, attestationObject=cbor2.dumps(made))

    def use(self, options: dict[str, Any]) -> str:
        """The answer to a challenge."""
        self.count += 1
        said, client = self._said(0), self._client("webauthn.get", options)
        signed = self.private.sign(
            said + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256())
        )
        return self._answer(clientDataJSON=client, authenticatorData=said, signature=signed)

    def _said(self, flags: int) -> bytes:
        flags |= 0x05 if self.verified else 0x01
        return hashlib.sha256(self.name.encode()).digest() + bytes([flags]) + self.count.to_bytes(4)

    def _client(self, kind: str, options: dict[str, Any]) -> bytes:
        told = {"type": kind, "challenge": options["challenge"], "origin": self.origin}
        return json.dumps(told).encode()

    def _answer(self, **parts: bytes) -> str:
        own = _text(self.id)
        response = {name: _text(value) for name, value in parts.items()}
        return json.dumps({"id": own, "rawId": own, "type": "public-key", "response": response})


def _text(plain: bytes) -> str:
    return base64.urlsafe_b64encode(plain).decode().rstrip("=")
