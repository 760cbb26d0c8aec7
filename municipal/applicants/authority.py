"""The test authority: certificates of simulated cards, made and checked (研修用の認証局).

Shaped like the public personal authentication of cards, with keys that mean nothing anywhere else: all of them are
derived from the installation's own secret, so that no private key stands in the database.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID, ObjectIdentifier
from django.utils.crypto import salted_hmac

from .facts import Facts
from .rules import Use

_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
ECDSA = ec.ECDSA(hashes.SHA256())
NAME, BORN_ON, SEX = (
    ObjectIdentifier(dotted) for dotted in ("2.5.4.41", "1.3.6.1.5.5.7.9.1", "1.3.6.1.5.5.7.9.3")
)  # fmt: skip
ATTRIBUTES: Mapping[str, ObjectIdentifier] = {
    "name": NAME, "born_on": BORN_ON, "sex": SEX, "address": NameOID.POSTAL_ADDRESS,
}  # fmt: skip


def key_of(*names: object) -> ec.EllipticCurvePrivateKey:
    """The private key that belongs to these names, the same each time (鍵の導出)."""
    said = "\0".join(map(str, names))
    seed = salted_hmac("kijun applicants key", said, algorithm="sha512").digest()
    return ec.derive_private_key(int.from_bytes(seed) % (_ORDER - 1) + 1, ec.SECP256R1())


def authority_key(town: int, use: Use) -> ec.EllipticCurvePrivateKey:
    """The key with which a town's test authority signs certificates of that use (認証局の鍵)."""
    return key_of("authority", town, use.value)


def card_key(town: int, serial: str) -> ec.EllipticCurvePrivateKey:
    """The key inside the card that belongs to a certificate (カードの鍵)."""
    return key_of("card", town, serial)


def sealed_pin(number: str, use: Use, pin: str) -> str:
    """What is kept of a PIN: 64 hexadecimal digits that nobody gets without the installation's secret (暗証番号の封).

    A chip keeps a PIN from whoever holds the card, and the count of wrong tries does the rest. A slow hash would not
    keep four digits from a thief of the database: they are 10,000 guesses; and every signature would wait for it.
    """
    return salted_hmac("kijun applicants pin", f"{number}\0{use.value}\0{pin}", algorithm="sha256").hexdigest()


def _issuer(town: int, use: Use) -> x509.Name:
    return x509.Name([
        x509.NameAttribute(NameOID.COUNTRY_NAME, "JP"),
        x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Kijun Test Authority"),
        x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, f"{town:06d} {use.value}"),
    ])  # fmt: skip


def certificate(town: int, use: Use, serial: str, span: tuple[datetime, datetime], facts: Facts | None) -> bytes:
    """A certificate in DER, from the first moment of ``span`` to the last (証明書の発行).

    Only a signature's certificate says who the person is: ``facts``; that of signing in says nothing of them.
    """
    made = (
        x509.CertificateBuilder()
        .issuer_name(_issuer(town, use))
        .subject_name(x509.Name([x509.NameAttribute(NameOID.SERIAL_NUMBER, serial)]))
        .serial_number(int(serial, 16))
        .not_valid_before(span[0])
        .not_valid_after(span[1])
        .public_key(card_key(town, serial).public_key())
    )
    if facts is not None:
        said = [x509.NameAttribute(oid, text) for name, oid in ATTRIBUTES.items() if (text := getattr(facts, name))]
        named = x509.SubjectAlternativeName([x509.DirectoryName(x509.Name(said))])
        made = made.add_extension(named, critical=False)
    return made.sign(authority_key(town, use), hashes.SHA256()).public_bytes(Encoding.DER)


@dataclass(frozen=True)
class Signature:
    """What a card makes of a text: the signature and the certificate that goes with it (電子署名)."""

    signature: bytes
    certificate: bytes

    @property
    def serial(self) -> str:
        """The certificate's own number (発行番号)."""
        return f"{x509.load_der_x509_certificate(self.certificate).serial_number:032x}"


def signed(town: int, serial: str, certificate: bytes, text: bytes) -> Signature:
    """Sign with the key inside the card (署名)."""
    return Signature(card_key(town, serial).sign(text, ECDSA), certificate)


def is_genuine(town: int, use: Use, made: Signature, text: bytes, at: datetime) -> bool:
    """Whether the text was signed so, with a certificate of this authority that was valid at that moment (署名の検証).

    Whether it was revoked is another question, which the register of certificates answers.
    """
    try:
        found = x509.load_der_x509_certificate(made.certificate)
        if found.issuer != _issuer(town, use):
            return False
        found.verify_directly_issued_by(_holder(town, use))
        key = found.public_key()
        if not isinstance(key, ec.EllipticCurvePublicKey):
            return False
        key.verify(made.signature, text, ECDSA)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return found.not_valid_before_utc <= at <= found.not_valid_after_utc


def _holder(town: int, use: Use) -> x509.Certificate:
    """The authority's own certificate; its dates are asked by nobody."""
    key, name = authority_key(town, use), _issuer(town, use)
    begin = datetime(2026, 1, 1)  # noqa: DTZ001  (certificates count in UTC)
    made = x509.CertificateBuilder().issuer_name(name).subject_name(name).public_key(key.public_key())
    made = made.serial_number(1).not_valid_before(begin).not_valid_after(begin + timedelta(days=36525))
    return made.sign(key, hashes.SHA256())
