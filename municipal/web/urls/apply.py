"""Addresses of the pages on which residents apply and look at what became of it (オンライン申請のURL)."""

from django.urls import path

from municipal.web.views import (
    applied,
    apply,
    applying,
    beginning,
    case_entitlements,
    case_fees,
    case_messages,
    correcting,
    cosigning,
    outcome_shown,
    signing,
)

app_name = "apply"
urlpatterns = [
    path("apply/<str:town>/status", applied.enter, name="status"),
    path("apply/<str:town>/cases/<str:number>", applied.case_page, name="case"),
    path("apply/<str:town>/cosign", cosigning.cosign_page, name="cosign"),
    path("apply/<str:town>/cases/<str:number>/cosigners", cosigning.ask, name="ask_to_sign"),
    path("apply/<str:town>/cases/<str:number>/correct", correcting.correct_page, name="correct"),
    path("apply/<str:town>/cases/<str:number>/withdraw", applied.withdraw_case, name="withdraw"),
    path("apply/<str:town>/cases/<str:number>/messages", case_messages.send_own, name="send"),
    path("apply/<str:town>/cases/<str:number>/pay", case_fees.pay_fee, name="pay"),
    path("apply/<str:town>/cases/<str:number>/decision.pdf", case_entitlements.own_notice, name="decision"),
    path("apply/<str:town>/cases/<str:number>/notice.pdf", applied.notice, name="notice"),
    path("apply/<str:town>/cases/<str:number>/result.pdf", outcome_shown.result_file, name="result"),
    path("apply/<str:town>/drafts/<uuid:draft>/check", apply.check, name="check"),
    path("apply/<str:town>/drafts/<uuid:draft>/sign", signing.sign_page, name="sign"),
    path("apply/<str:town>/drafts/<uuid:draft>/discard", apply.discard_draft, name="discard"),
    path("apply/<str:town>/drafts/<uuid:draft>/receipt", apply.receipt, name="receipt"),
    path("apply/<str:town>/drafts/<uuid:draft>/receipt.pdf", apply.receipt_file, name="receipt_file"),
    path("apply/<str:town>/drafts/<uuid:draft>/files/<uuid:ref>", applying.attached, name="file"),
    path("apply/<str:town>/drafts/<uuid:draft>/pages/<slug:page>", applying.page, name="page"),
    path("apply/<str:town>/<slug:code>", beginning.start, name="start"),
]
