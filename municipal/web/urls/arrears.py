"""Addresses of arrears, demands, claims given up, refunds and the table of a year (滞納整理のURL)."""

from django.urls import path

from municipal.web.views import arrears, demands, money_papers, over_payments, settlement_table, writing_off

app_name = "arrears"
urlpatterns = [
    path("money/arrears", arrears.everybody, name="list"),
    path("money/arrears.csv", arrears.everybody_csv, name="csv"),
    path("money/arrears/interest", arrears.charge_all, name="interest_run"),
    path("money/arrears/demands", demands.overview, name="demands"),
    path("money/arrears/demands/<int:run>", demands.one, name="demand_run"),
    path("money/arrears/demands/<int:run>.pdf", demands.letters, name="demand_letters"),
    path("money/arrears/limitation", writing_off.ending, name="limitation"),
    path("money/arrears/payers/<str:number>", arrears.one, name="payer"),
    path("money/arrears/payers/<str:number>/statement.pdf", money_papers.statement_of, name="statement"),
    path("money/arrears/payers/<str:number>/certificate.pdf", money_papers.certificate_of, name="certificate"),
    path("money/arrears/charges/<int:charge>/interest", arrears.charge_one, name="interest"),
    path("money/arrears/charges/<int:charge>/demand", demands.single, name="demand"),
    path("money/arrears/charges/<int:charge>/write-off", writing_off.give_up, name="write_off"),
    path("money/arrears/charges/<int:charge>/refund", over_payments.decide, name="refund"),
    path("money/arrears/charges/<int:charge>/receipt.pdf", money_papers.receipt_of, name="receipt"),
    path("money/arrears/postings/<int:posting>/notice.pdf", money_papers.notice_of, name="notice"),
    path("money/settlement-table", settlement_table.table, name="settlement"),
    path("money/settlement-table.csv", settlement_table.table_csv, name="settlement_csv"),
]
