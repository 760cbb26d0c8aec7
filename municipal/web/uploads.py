"""What is too much is known before it is written anywhere (アップロードの制限)."""

from typing import Any

from django.core.files.uploadhandler import FileUploadHandler, StopUpload

from municipal.core.refusals import Refused
from municipal.inspections.inputs import MOST_FILES, limit_bytes, too_large, too_many

FORM_ROOM = 64 * 1024
"""Bytes that the fields of a form and the lines between the files may take."""


class BoundedUpload(FileUploadHandler):
    """Stands before the handlers that store; what it stops, the view finds in ``request.upload_refusal`` (上限)."""

    def handle_raw_input(
        self,
        input_data: Any,
        META: Any,  # noqa: N803  (Django calls it so)
        content_length: int,
        boundary: str,
        encoding: str | None = None,
    ) -> None:
        self.is_too_large = content_length > limit_bytes() + FORM_ROOM
        self.begun = 0

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        self.begun += 1
        if self.is_too_large:
            self._stop(too_large())
        if self.begun > MOST_FILES:
            self._stop(too_many())

    def _stop(self, refused: Refused) -> None:
        """Whatever came before the first file has been read: above all the token of the form."""
        self.request.upload_refusal = refused  # type: ignore[union-attr]
        raise StopUpload(connection_reset=False)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None


def refusal_of(request: Any) -> Refused | None:
    """Why the files of this request were not taken in, if they were not (断られたアップロード)."""
    found: Refused | None = getattr(request, "upload_refusal", None)
    return found
