"""A refusal: one clear sentence that a clerk understands (受け付けられない理由)."""


class Refused(Exception):  # noqa: N818  (a refusal is an answer, not an error)
    """An act or an input that the system does not accept, and why (拒否).

    ``sentence`` is a Japanese literal with named ``%(name)s`` places. It is also the key under which
    gettext finds the sentence in other languages, so ``core`` needs no Django: screens translate.
    ``field`` names the form field the refusal belongs to; ``code`` is a stable word for machines.
    """

    def __init__(self, sentence: str, *, field: str = "", code: str = "refused", **values: object) -> None:
        super().__init__(sentence % values if values else sentence)
        self.sentence = sentence
        self.values = values
        self.field = field
        self.code = code
