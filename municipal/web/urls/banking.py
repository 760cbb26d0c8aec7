"""Addresses of the bank's pages (銀行とのデータのURL)."""

from django.urls import path

from municipal.web.views import banking, debits, mandates, refunds

app_name = "banking"
urlpatterns = [
    path("money/banking", banking.overview, name="overview"),
    path("money/banking/settings", banking.change, name="settings"),
    path("money/banking/mandates", mandates.everything, name="mandates"),
    path("money/banking/mandates/new", mandates.register, name="register"),
    path("money/banking/mandates/<int:number>", mandates.detail, name="mandate"),
    path("money/banking/mandates/<int:number>/end", mandates.end, name="end"),
    path("money/banking/debits", debits.everything, name="debits"),
    path("money/banking/debits/new", debits.order, name="request"),
    path("money/banking/debits/<int:number>", debits.detail, name="debit"),
    path("money/banking/debits/<int:number>/request.dat", debits.file, name="debit_file"),
    path("money/banking/debits/<int:number>/results", debits.results, name="results"),
    path("money/banking/debits/<int:number>/withdraw", debits.withdraw, name="withdraw"),
    path("money/banking/debits/<int:number>/slips", debits.slips, name="slips"),
    path("money/banking/refunds", refunds.everything, name="refunds"),
    path("money/banking/refunds/accounts/<str:payer>", refunds.account, name="account"),
    path("money/banking/refunds/accounts/<str:payer>/end", refunds.end_account, name="end_account"),
    path("money/banking/refunds/<int:number>", refunds.detail, name="order"),
    path("money/banking/refunds/<int:number>/transfer.dat", refunds.file, name="order_file"),
    path("money/banking/refunds/<int:number>/return", refunds.give_back, name="return"),
]
