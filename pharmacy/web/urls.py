"""Addresses of the public, prescriber and patient pages. None of them holds health information."""

from django.contrib.auth.views import LogoutView
from django.urls import path

from pharmacy.web.account import views as account
from pharmacy.web.prescriber import views as prescriber
from pharmacy.web.public import views as public

app_name = "web"

urlpatterns = [
    path("", public.home, name="home"),
    path("patients/", public.for_patients, name="for_patients"),
    path("research/", public.research, name="research"),
    path("contact/", public.home, name="contact"),
    path("prescribe/", prescriber.start, name="prescribe"),
    path("prescribe/<uuid:key>/", prescriber.write, name="write_prescription"),
    path("prescribe/<uuid:key>/check/", prescriber.check, name="check_prescription"),
    path("prescribe/<uuid:key>/sent/", prescriber.sent, name="prescription_sent"),
    path("account/login/", account.SignIn.as_view(), name="login"),
    path("account/logout/", LogoutView.as_view(next_page="web:home"), name="logout"),
    path("orders/", account.my_orders, name="my_orders"),
]
