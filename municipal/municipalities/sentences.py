"""A refusal's sentence in the reader's language (案内文)."""

from django.utils.translation import gettext, override

from municipal.core.refusals import Refused


def sentence(refused: Refused) -> str:
    """The sentence in the language that is active now."""
    text = gettext(refused.sentence)
    return text % refused.values if refused.values else text


def sentences(refused: Refused) -> dict[str, str]:
    """The sentence in Japanese and in English, for machines that pass it on."""
    found = {}
    for language in ("ja", "en"):
        with override(language):
            found[language] = sentence(refused)
    return found
