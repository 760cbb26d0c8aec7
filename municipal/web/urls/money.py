"""Addresses of the treasurer's desk (公金の窓口のURL)."""

from django.urls import path

from municipal.web.views import money, money_assessments, money_figures, money_files, money_ledger

app_name = "money"
urlpatterns = [
    path("money", money.desk, name="desk"),
    path("money/fees", money.fees, name="fees"),
    path("money/settings", money.settings, name="settings"),
    path("money/figures", money_figures.figures, name="figures"),
    path("money/figures/<str:name>.csv", money_figures.file, name="figures_file"),
    path("money/ledger", money_ledger.ledger, name="ledger"),
    path("money/ledger/accounts", money_ledger.accounts, name="accounts"),
    path("money/ledger/journal.csv", money_ledger.journal, name="journal"),
    path("money/ledger/<int:number>", money_ledger.posting, name="posting"),
    path("money/assessments", money_assessments.assessments, name="assessments"),
    path("money/assessments/new", money_assessments.new, name="assessment_new"),
    path("money/assessments/files", money_files.upload, name="upload"),
    path("money/assessments/files/<int:number>", money_files.intake, name="intake"),
    path("money/assessments/files/<int:number>/errors.csv", money_files.errors, name="intake_errors"),
    path("money/assessments/<int:number>", money_assessments.assessment, name="assessment"),
    path("money/assessments/<int:number>/revise", money_assessments.revise_assessment, name="revise"),
]
