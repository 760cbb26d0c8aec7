"""What no machine can test: who says what of which requirement, on what evidence (証跡表).

``blank`` gives the table to fill, ``read`` takes it back or says everything that is wrong with it, ``write`` shows it.
A requirement that nobody has answered stays visibly blank.
"""

from municipal.conformance.attestation.matrix import Answer, Matrix, State
from municipal.conformance.attestation.page import write
from municipal.conformance.attestation.sheet import UnreadableMatrix, blank, read

__all__ = ["Answer", "Matrix", "State", "UnreadableMatrix", "blank", "read", "write"]
