"""Certificates for tests: an authority of our own, and what a shop's server may show by mistake."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    EllipticCurvePrivateKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

# Long ago and far ahead: no test looks at today's date.
BEGINS = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)
ENDS = datetime.datetime(2120, 1, 1, tzinfo=datetime.UTC)


@dataclass(frozen=True)
class Shown:
    """A certificate and its key as files."""

    certificate: Path
    key: Path


class Authority:
    """Whom the tests' tills believe."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._key = generate_private_key(SECP256R1())
        self._name = _name("Regulars Test Authority")
        made = _certificate(self._name, self._name, self._key, self._key, BEGINS, ENDS, host=None)
        self.file = folder / "authority.pem"
        self.file.write_bytes(made.public_bytes(Encoding.PEM))

    def show(
        self,
        host: str,
        *,
        begins: datetime.datetime = BEGINS,
        ends: datetime.datetime = ENDS,
        is_self_signed: bool = False,
    ) -> Shown:
        key = generate_private_key(SECP256R1())
        name = _name(host)
        issuer, signer = (name, key) if is_self_signed else (self._name, self._key)
        made = _certificate(name, issuer, key, signer, begins, ends, host=host)
        stem = f"{host}-{ends.year}-{begins.year}-{is_self_signed}"
        shown = Shown(self._folder / f"{stem}.pem", self._folder / f"{stem}.key")
        shown.certificate.write_bytes(made.public_bytes(Encoding.PEM))
        shown.key.write_bytes(
            key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())
        )
        return shown


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


def _certificate(
    subject: x509.Name,
    issuer: x509.Name,
    key: EllipticCurvePrivateKey,
    signer: EllipticCurvePrivateKey,
    begins: datetime.datetime,
    ends: datetime.datetime,
    *,
    host: str | None,
) -> x509.Certificate:
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(ends)
        .add_extension(x509.BasicConstraints(ca=host is None, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False
        )
    )
    if host is not None:
        names: list[x509.GeneralName] = [x509.DNSName(host)]
        if host == "localhost":
            names.append(x509.IPAddress(ip_address("127.0.0.1")))
        made = made.add_extension(x509.SubjectAlternativeName(names), critical=False)
    return made.sign(signer, hashes.SHA256())
