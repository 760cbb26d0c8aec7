"""Addresses of the pages of an applicant, and of the embedded provider with its simulated cards (申請者のURL)."""

from django.urls import path

from municipal.web.views import (
    delegations,
    me,
    me_cases,
    me_charges,
    me_data,
    me_disclosures,
    me_messages,
    simulated_cards,
)

app_name = "me"
urlpatterns = [
    path("me", me.towns, name="towns"),
    path("me/<str:town>", me_cases.home, name="home"),
    path("me/<str:town>/start", me.start, name="start"),
    path("me/<str:town>/back", me.back, name="back"),
    path("me/<str:town>/sign-out", me.leave, name="sign_out"),
    path("me/<str:town>/people/<int:number>", me_cases.client, name="client"),
    path("me/<str:town>/drafts/<uuid:draft>", me_cases.go_on, name="go_on"),
    path("me/<str:town>/delegations", delegations.give, name="delegations"),
    path("me/<str:town>/delegations/accept", delegations.accept, name="accept"),
    path("me/<str:town>/delegations/<int:number>/end", delegations.end, name="end"),
    path("me/<str:town>/messages", me_messages.page, name="messages"),
    path("me/<str:town>/mail", me_messages.give, name="give_mail"),
    path("me/<str:town>/mail/confirm", me_messages.confirm, name="confirm_mail"),
    path("me/<str:town>/mail/drop", me_messages.drop, name="drop_mail"),
    path("me/<str:town>/disclosures", me_disclosures.page, name="disclosures"),
    path("me/<str:town>/disclosures.csv", me_disclosures.file, name="disclosures_file"),
    path("me/<str:town>/charges", me_charges.page, name="charges"),
    path("me/<str:town>/charges/<int:slip>/pay", me_charges.pay, name="pay"),
    path("me/<str:town>/data", me_data.page, name="data"),
    path("me/<str:town>/data/file", me_data.file, name="data_file"),
    path("me/<str:town>/card", simulated_cards.card_page, name="card"),
    path("me/<str:town>/card/token", simulated_cards.token, name="token"),
    path("me/<str:town>/card/person", simulated_cards.person, name="person"),
    path("me/<str:town>/card/keys.json", simulated_cards.keys, name="keys"),
]
