"""What opens a draft and a case: a secret of the browser, and a code that a person can write down (申請の鍵)."""

from secrets import compare_digest, token_urlsafe

from django.utils.crypto import salted_hmac

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Without letters and digits that look like one another."""
LENGTH, GROUP = 12, 4


def new_token() -> str:
    """A secret for the browser of who writes a draft (下書きの鍵)."""
    return token_urlsafe(32)


def token_digest(token: str) -> str:
    """What is kept of it (鍵の照合値)."""
    return salted_hmac("kijun draft token", token, algorithm="sha256").hexdigest()


def code_of(token: str) -> str:
    """The secret code of the case that comes of a draft: the same each time, and kept nowhere (確認コード).

    Twelve letters of thirty-one: nobody guesses them, however often they try.
    """
    number = int.from_bytes(salted_hmac("kijun case code", token, algorithm="sha256").digest())
    letters = []
    for _ in range(LENGTH):
        number, at = divmod(number, len(ALPHABET))
        letters.append(ALPHABET[at])
    return "-".join("".join(letters[at : at + GROUP]) for at in range(0, LENGTH, GROUP))


def code_digest(code: str) -> str:
    """What is kept of a code; spaces, hyphens and small letters make no difference (確認コードの照合値)."""
    plain = "".join(one for one in code.upper() if one in ALPHABET)
    return salted_hmac("kijun case code digest", plain, algorithm="sha256").hexdigest()


def is_same(one: str, other: str) -> bool:
    """Whether two digests are the same, in a time that tells nothing (照合)."""
    return compare_digest(one, other)
