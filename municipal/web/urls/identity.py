"""Addresses of signing in and of one's own account (サインインのURL)."""

from django.urls import path

from municipal.web.views import identity, tokens

app_name = "identity"
urlpatterns = [
    path("sign-in", identity.enter, name="sign_in"),
    path("sign-in/code", identity.second_factor, name="second_factor"),
    path("sign-in/front", identity.by_front, name="by_front"),
    path("sign-out", identity.leave, name="sign_out"),
    path("account/password", identity.password_change, name="password_change"),
    path("account/second-factor", identity.second_factor_setup, name="second_factor_setup"),
    path("account/tokens", tokens.tokens, name="tokens"),
    path("account/tokens/<int:number>/revoke", tokens.revoke, name="revoke_token"),
]
