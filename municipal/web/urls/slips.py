"""Addresses of slips (納付書のURL)."""

from django.urls import path

from municipal.web.views import slip_files, slip_runs, slips

app_name = "slips"
urlpatterns = [
    path("money/slips", slip_runs.everything, name="list"),
    path("money/slips/order", slip_runs.order, name="order"),
    path("money/slips/runs/<int:run>", slip_runs.detail, name="run"),
    path("money/slips/runs/<int:run>/print", slip_runs.print_again, name="print_again"),
    path("money/slips/runs/<int:run>/<str:part>.pdf", slip_files.of_run, name="run_file"),
    path("money/slips/runs/<int:run>/payers/<str:payer>/slips.pdf", slip_files.of_payer, name="payer_file"),
    path("money/slips/<str:number>", slips.detail, name="slip"),
    path("money/slips/<str:number>/slip.pdf", slip_files.of_slip, name="slip_file"),
    path("money/slips/<str:number>/reissue", slips.reissue, name="reissue"),
    path("money/slips/<str:number>/withdraw", slips.withdraw, name="withdraw"),
]
