"""The items of a resident record, group by group (住民票の項目群).

Labels are the item names of the published data lists; what the lists lack but the standard's text names
(resident-record/1.0#1.1.1, #1.1.2, #1.2.1) has a label of ours.
"""

from django.db import models

from municipal.addressees.fields import code, day, flag, register_date, text
from municipal.core.clauses import implements


class Names(models.Model):
    """Names as received, never normalised (氏名; resident-record/1.0#1.1.7, #1.1.18)."""

    name = text("氏名", 100)
    family_name = text("氏_日本人", 50)
    given_name = text("名_日本人", 50)
    roman_name = text("氏名_外国人ローマ字", 100)
    kanji_name = text("氏名_外国人漢字", 100)
    name_kana = text("氏名_フリガナ", 100)
    family_kana = text("氏_日本人_フリガナ", 50)
    given_kana = text("名_日本人_フリガナ", 50)
    is_name_kana_confirmed = flag("氏名_フリガナ確認状況")
    former_family_name = text("旧氏", 50)
    former_family_kana = text("旧氏_フリガナ", 50)
    is_former_family_kana_confirmed = flag("旧氏_フリガナ確認状況")
    alias = text("通称", 100)
    alias_kana = text("通称_フリガナ", 100)
    is_alias_kana_confirmed = flag("通称_フリガナ確認状況")
    alias_entered_on = day("通称を記載した年月日")
    alias_entered_at = text("通称を記載した市区町村", 16)
    alias_entered_at_code = code("通称を記載した市区町村コード", 6)
    alias_deleted_on = day("通称を削除した年月日")
    alias_deleted_at = text("通称を削除した市区町村", 16)
    alias_deleted_at_code = code("通称を削除した市区町村コード", 6)
    name_priority = code("氏名優先区分", 2)

    class Meta:
        abstract = True


class Person(models.Model):
    """What a person is, and where in the household (本人と世帯)."""

    sex = models.CharField("性別", max_length=1, choices={"0": "不明", "1": "男", "2": "女"})
    born_on = register_date("生年月日")
    relationship = text("続柄表記", 30)
    head_name = text("世帯主氏名", 100)
    member_order = models.PositiveSmallIntegerField("記載順位", default=1, db_default=1)
    resident_code = code("住民票コード", 11)

    class Meta:
        abstract = True


class AddressDetails(models.Model):
    """What goes with the address (住所の付帯項目)."""

    lot_in_digits = code("住所_番地枝番数値", 40)
    building_code = code("住所_方書コード", 20)
    building_kana = text("住所_方書_フリガナ", 300)
    ward_code = code("指定都市_行政区等コード", 12)
    district_code = code("地区管理コード1", 10)
    became_resident_on = register_date("住民となった年月日")
    address_set_on = register_date("住所を定めた年月日")
    head_before = text("転入前住所_世帯主氏名", 100)
    last_registered_address = text("最終登録住所地", 300)

    class Meta:
        abstract = True


class Event(models.Model):
    """What made this row of the history, and when (異動; resident-record/1.0#1.2.1)."""

    reason = code("異動事由", 40)
    event_on = register_date("異動年月日")
    notified_on = day("異動届出年月日")
    notification_number = code("届出番号", 20)
    notice_on = day("通知日")
    applied_on = day("申出日")
    requested_on = day("請求日")
    processed_on = models.DateField("処理年月日")
    input_place = text("入力場所", 30)
    input_terminal = text("入力端末", 30)
    remarks = text("留意事項", 500)

    class Meta:
        abstract = True


class Removal(models.Model):
    """Leaving, and the removed record; planned and confirmed stand side by side (転出・除票; #1.1.5, #4.1.3.1.1)."""

    entry_reason = code("記載の事由", 40)
    entry_event_on = register_date("記載の異動年月日")
    move_out_notified_on = day("転出届出年月日")
    move_out_planned_on = day("転出予定年月日")
    move_out_confirmed_on = day("転出年月日（確定）")
    arrival_notice_on = day("転入通知年月日")
    removal_reason = code("消除の事由", 40)
    removal_notified_on = day("消除の届出年月日")
    removed_on = register_date("消除の異動年月日")
    revised_on = register_date("改製記載年月日")
    revision = models.PositiveSmallIntegerField("改製番号", default=0, db_default=0)

    class Meta:
        abstract = True


class FamilyRegister(models.Model):
    """Where the family register is (戸籍の表示; resident-record/1.0#1.1.12: なし and 不明 are allowed)."""

    domicile = text("本籍", 200)
    domicile_municipality_code = code("本籍_市区町村コード", 6)
    domicile_block_code = code("本籍_町字コード", 7)
    domicile_prefecture = text("本籍_都道府県", 4)
    domicile_city = text("本籍_市区郡町村名", 12)
    domicile_block = text("本籍_町字", 120)
    domicile_lot = text("本籍_地番号または、街区符号", 50)
    register_head = text("戸籍_筆頭者", 100)
    register_head_family_name = text("戸籍_筆頭者_氏", 50)
    register_head_given_name = text("戸籍_筆頭者_名", 50)

    class Meta:
        abstract = True


@implements("resident-record/1.0#1.1.2/m1")
class Foreigner(models.Model):
    """Items of foreign residents (外国人住民; resident-record/1.0#1.1.2, article 30-45)."""

    became_foreign_resident_on = register_date("外国人住民となった年月日")
    registered_under_former_law_on = register_date("旧外登法による登録年月日")
    nationality_code = code("国籍等_国名コード", 3)
    nationality = text("国籍名等", 100)
    article30_45_class = code("第30条45規定区分", 40)
    residence_card_number = code("在留カード等番号", 12)
    residence_card_kind = code("在留カード等番号区分", 40)
    residence_status = code("在留資格等コード", 60)
    stay_years = models.PositiveSmallIntegerField("在留期間等コード_年", null=True, blank=True)
    stay_months = models.PositiveSmallIntegerField("在留期間等コード_月", null=True, blank=True)
    stay_days = models.PositiveSmallIntegerField("在留期間等コード_日", null=True, blank=True)
    stay_expires_on = day("在留期間の満了の日")
    landing_period = text("上陸期間", 40)
    provisional_stay_period = text("仮滞在期間", 40)
    is_place_notified = flag("住居地の届出の有無")
    is_by_landing_permit = flag("上陸許可証による転入の旨")
    article30_46_47_class = code("法第30条の46又は47区分", 10)

    class Meta:
        abstract = True


class Qualifications(models.Model):
    """What other laws attach to the record (法第7条の資格等)."""

    is_voter = flag("選挙人名簿登録有無")
    has_national_health_insurance = flag("国保資格有無")
    national_health_insurance_from = day("国保資格取得年月日")
    national_health_insurance_until = day("国保資格喪失年月日")
    has_late_elderly_insurance = flag("後期高齢資格有無")
    late_elderly_insurance_from = day("後期高齢資格取得年月日")
    late_elderly_insurance_until = day("後期高齢資格喪失年月日")
    has_care_insurance = flag("介護資格有無")
    care_insurance_from = day("介護資格取得年月日")
    care_insurance_until = day("介護資格喪失年月日")
    has_pension = flag("年金資格有無")
    pension_from = day("年金資格取得年月日")
    pension_until = day("年金資格喪失年月日")
    pension_number = code("基礎年金番号", 10)
    pension_class = code("年金資格種別", 20)
    pension_class_changed_on = day("年金種別変更年月日")
    child_allowance_class = code("児童手当資格区分", 20)
    child_allowance_from = code("児童手当受給開始年月", 7)
    child_allowance_until = code("児童手当受給終了年月", 7)
    is_under_guardianship = flag("成年被後見人_該当有無")
    has_individual_number_card = flag("個人番号カード発行有無")
    signature_certificate_serial = code("署名用電子証明書シリアル番号", 40)
    authentication_certificate_serial = code("利用者証明用電子証明書シリアル番号", 40)

    class Meta:
        abstract = True
