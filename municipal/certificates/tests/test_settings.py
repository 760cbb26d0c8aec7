"""How forms are set up, who signs, which seal, which printer (帳票・公印・認証者・プリンタの試験)."""

import io
import stat
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from PIL import Image

from municipal.audit.models import Entry
from municipal.certificates.models import FormSettings, Seal
from municipal.certificates.operations import add_printer, add_seal, change_form, pdf_of, print_copy, settings_of
from municipal.certificates.rules.items import OMITTABLE
from municipal.certificates.signing import officer_on, signature
from municipal.core.refusals import Refused
from municipal.municipalities import wall

from .issuing import CLERK, asked, issued, officer, seal, square, text_of

pytestmark = pytest.mark.django_db
DAY = date(2026, 5, 20)


def change(kind: str = "household_copy", **said: Any) -> FormSettings:
    now = settings_of(kind)
    names = ("fee_yen", "omits", "has_reading", "signer", "seal", "phrases", "keeps_cut", "output", "printer")
    return change_form(actor=CLERK, kind=kind, said={name: getattr(now, name) for name in names} | said)


def printed(*rows: Any, kind: str = "household_copy") -> str:
    return text_of(pdf_of(CLERK, issued(kind, *rows).copies.get()))


@pytest.mark.clause("resident-record/1.0#1.3.9/m1", "resident-record/1.0#1.3.9/m2")
def test_the_certifier_changes_by_itself_with_the_acting_period(town: int) -> None:
    officer()
    officer("acting", "市長職務代理者　副市長", "代理　一", valid=DateRange(date(2026, 5, 20), date(2026, 6, 1)))
    names = {
        day: officer_on(date.fromisoformat(day)).name
        for day in ("2026-05-19", "2026-05-20", "2026-05-31", "2026-06-01")
    }
    assert list(names.values()) == ["架空　太郎", "代理　一", "代理　一", "架空　太郎"]


@pytest.mark.clause("resident-record/1.0#1.3.9/m3")
def test_in_a_designated_city_the_head_of_the_ward_signs(may: None) -> None:
    officer(title="中央区長", name="区長　花", ward_code="991015")
    signed = signature(settings_of("household_copy"), DAY, "991015")
    assert (signed.officer, signed.name) == ("架空県架空市中央区長", "区長　花")


@pytest.mark.clause("resident-record/1.0#1.3.9/n1")
def test_nobody_certifies_without_a_name(town: int) -> None:
    for said in ({"name": ""}, {"title": ""}):
        with pytest.raises(IntegrityError), transaction.atomic():
            officer(**said)
    with pytest.raises(Refused, match="認証者"):
        signature(settings_of("household_copy"), DAY)


@pytest.mark.clause("resident-record/1.0#5.6/m1")
def test_each_form_says_who_signs_and_with_which_seal(may: None, home: list[Any]) -> None:
    officer("acting", "市長職務代理者　副市長", "代理　一")
    seal("acting")
    only = seal("certificates")
    assert "代理　一" in printed(home[0])
    change(signer="head", seal="certificates")
    assert "架空　太郎" in printed(home[0])
    assert signature(settings_of("household_copy"), DAY).seal == only
    change(seal="none")
    assert signature(settings_of("household_copy"), DAY).seal is None
    assert "代理　一" in printed(home[0], kind="person_copy")


def test_a_seal_that_is_not_there_stops_the_issue(may: None, home: list[Any]) -> None:
    change(seal="certificates")
    with pytest.raises(Refused, match="公印が登録されていません"):
        issued("household_copy", *home)
    change(signer="acting")
    with pytest.raises(Refused, match="この日は登録されていません"):
        issued("household_copy", *home)


@pytest.mark.clause("resident-record/1.0#5.6/m4")
def test_fixed_phrases_are_printed(may: None, home: list[Any]) -> None:
    change(phrases=["この印は黒色です", "公印省略"])
    said = printed(home[0])
    assert "この印は黒色です" in said
    assert "公印省略" in said


@pytest.mark.clause("resident-record/1.0#5.1/m2")
def test_what_is_left_out_by_default_is_the_towns_choice(may: None) -> None:
    assert set(settings_of("household_copy").omits) == set(OMITTABLE)
    change(omits=["individual_number"])
    assert settings_of("household_copy").omits == ["individual_number"]
    assert settings_of("person_copy").omits != ["individual_number"]


@pytest.mark.clause("resident-record/1.0#5.3/o1")
def test_readings_are_printed_where_they_are_switched_on(may: None, home: list[Any]) -> None:
    assert "コウノ" not in printed(home[0])
    change(has_reading=True)
    assert "甲野　太郎　（コウノ　タロウ）" in printed(home[0])


@pytest.mark.parametrize(
    "said",
    [
        {"fee_yen": -1}, {"fee_yen": 100_001}, {"omits": ["name"], "fee_yen": -5}, {"omits": ["x"]},
        {"phrases": ["あ"] * 4}, {"phrases": ["あ" * 41]}, {"phrases": ["一\n二"]}, {"signer": "king"}, {"seal": "x"},
        {"output": "fax"},
    ],
)  # fmt: skip
def test_settings_that_cannot_be_are_refused(may: None, said: dict[str, Any]) -> None:
    with pytest.raises(Refused):
        change(**said)
    assert not FormSettings.objects.exists()


def test_a_form_that_is_none_has_no_settings(may: None) -> None:
    with pytest.raises(Refused):
        change_form(actor=CLERK, kind="x", said={})


@pytest.mark.clause("resident-record/1.0#1.3.7/m1", "resident-record/1.0#5.6/m3")
def test_seals_of_mayor_and_acting_mayor_are_kept_and_the_newest_counts(may: None) -> None:
    for kind in ("acting", "certificates", "card_face"):
        assert seal(kind).kind == kind
    newer = seal(valid_from=date(2026, 5, 1))
    later = seal(valid_from=date(2026, 5, 21))
    assert signature(settings_of("household_copy"), DAY).seal == newer
    assert signature(settings_of("household_copy"), date(2026, 5, 21)).seal == later
    with pytest.raises(DatabaseError), transaction.atomic():
        Seal.objects.all().delete()


@pytest.mark.clause("resident-record/1.0#5.6/m5")
@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"size_mm": 26}, "25mm"),
        ({"size_mm": 4}, "25mm"),
        ({"colour": "red"}, "カード券面用の印だけ"),
        ({"colour": "green"}, "一覧から"),
        ({"kind": "branch"}, "一覧から"),
        ({"png": b""}, "PNG"),
        ({"png": b"GIF89a" * 100}, "PNG"),
        ({"png": square()[:200]}, "PNG"),
        ({"png": b"x" * 1_000_001}, "PNG"),
        ({"valid_from": date(2020, 4, 1)}, "使用開始日"),
    ],
)
def test_a_seal_is_square_black_and_at_most_25_mm(may: None, said: dict[str, Any], sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        wanted: dict[str, Any] = {"kind": "head", "valid_from": date(2026, 5, 1)} | said
        seal(**wanted)


@pytest.mark.clause("resident-record/1.0#5.6/m5")
def test_a_coloured_picture_becomes_black_and_only_a_card_face_seal_may_be_red(may: None) -> None:
    def colours(found: Seal) -> set[tuple[int, ...]]:
        picture = Image.open(io.BytesIO(bytes(found.png))).convert("RGBA")
        return {rgb[:3] for _count, rgb in picture.getcolors(100_000) or [] if rgb[3] > 0}  # type: ignore[index]

    assert colours(seal("acting", png=square(shade="red"))) == {(0, 0, 0)}
    assert colours(seal("card_face", colour="red")) == {(200, 0, 0)}


@pytest.mark.clause("resident-record/1.0#5.6/n1")
def test_a_branch_has_no_seal_of_its_own() -> None:
    names = {field.name for field in Seal._meta.fields}
    assert names == {"id", "municipality", "kind", "colour", "png", "size_mm", "valid_from"}


def test_a_picture_that_is_not_square_is_refused(may: None) -> None:
    kept = io.BytesIO()
    Image.new("RGB", (100, 120)).save(kept, "PNG")
    with pytest.raises(Refused, match="正方形"):
        add_seal(actor=CLERK, kind="acting", colour="black", png=kept.getvalue(), size_mm=20, valid_from=DAY)


@pytest.mark.clause("resident-record/1.0#10.7/m1", "resident-record/1.0#10.7/m4", "resident-record/1.0#10.7/n1")
def test_a_copy_goes_to_the_printer_and_the_tray_that_were_chosen(
    may: None, home: list[Any], tmp_path: Path, settings: Any
) -> None:
    command = tmp_path / "lp"
    command.write_text(f'#!/bin/sh\necho "$@" > {tmp_path}/said\ncat > {tmp_path}/printed\n', encoding="utf-8")
    command.chmod(command.stat().st_mode | stat.S_IXUSR)
    settings.KIJUN_PRINT_COMMAND = str(command)
    add_printer(actor=CLERK, number="プリンタ001", name="窓口", queue="counter-1", trays=["tray-1", "tray-2"])
    made = issued("household_copy", *home, output="paper", printer="プリンタ001", tray="tray-2", terminal="本庁1")
    copy = made.copies.get()
    assert copy.number == "20260520 架空市 本庁1 プリンタ001 001"
    pdf = print_copy(actor=CLERK, copy=copy)
    assert (tmp_path / "printed").read_bytes() == pdf
    assert (tmp_path / "said").read_text(encoding="utf-8").split() == ["-d", "counter-1", "-o", "media-source=tray-2"]


@pytest.mark.parametrize(
    ("command", "sentence"),
    [("", "設定されていません"), ("/nowhere/lp", "送れませんでした"), ("/bin/false", "送れませんでした")],
)
def test_a_printer_that_is_away_is_told(may: None, home: list[Any], settings: Any, command: str, sentence: str) -> None:
    settings.KIJUN_PRINT_COMMAND = command
    add_printer(actor=CLERK, number="1", name="窓口", queue="counter-1", trays=[])
    copy = issued("household_copy", *home, output="paper", printer="1").copies.get()
    with pytest.raises(Refused, match=sentence):
        print_copy(actor=CLERK, copy=copy)


@pytest.mark.parametrize("queue", ["", "-o", "a b", "a;b", "$(x)", "キュー"])
def test_a_queue_is_a_plain_name(may: None, queue: str) -> None:
    with pytest.raises(Refused, match="印刷キュー名"):
        add_printer(actor=CLERK, number="1", name="窓口", queue=queue, trays=[])


def test_a_tray_that_the_printer_lacks_is_refused(may: None, home: list[Any]) -> None:
    add_printer(actor=CLERK, number="1", name="窓口", queue="q", trays=["a"])
    with pytest.raises(Refused, match="給紙トレー"):
        issued("household_copy", *home, printer="1", tray="b")


@pytest.mark.clause("resident-record/1.0#10.7/m4")
def test_each_form_has_its_usual_output_and_printer(may: None) -> None:
    printer = add_printer(actor=CLERK, number="1", name="窓口", queue="q", trays=[])
    change(output="paper", printer=printer)
    found = settings_of("household_copy")
    assert (found.output, found.printer) == ("paper", printer)
    assert settings_of("person_copy").output == "pdf"


@pytest.mark.clause("resident-record/1.0#10.7/n1")
def test_every_print_is_in_the_audit(may: None, home: list[Any]) -> None:
    made = issued("household_copy", *home)
    print_copy(actor=CLERK, copy=made.copies.get())
    assert asked("household_copy", *home).output == "pdf"
    wall.opening().closing[0]()
    entry = Entry.objects.get(act="certificates.print_copy")
    assert entry.purpose == "print"
    assert set(entry.subjects) == {row.addressee_id for row in home}
