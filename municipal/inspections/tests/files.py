"""Files to be judged, with a canary that may stand in no page and no report (試験用のファイル)."""

from django.core.files.uploadedfile import SimpleUploadedFile

CANARY = "カナリア鳥子"
"""Stands in a cell of the column that is wrong; the first character may be shown at the level ``masked``."""

BAD = f"宛名番号,続柄_表記,氏名\n1,{CANARY},{CANARY}\n1,妻,山田花子\n".encode()
BETTER = "宛名番号,続柄_表記,氏名\n1,世帯主,山田太郎\n2,妻,山田花子\n".encode()


def upload(name: str = "residents.csv", content: bytes = BAD) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)
