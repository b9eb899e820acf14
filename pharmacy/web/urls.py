"""Addresses of the public, prescriber and patient pages. None of them holds health information."""

from django.contrib.auth.views import LogoutView
from django.urls import path

from pharmacy.web.account import views as account
from pharmacy.web.patient import identity, intake, plan
from pharmacy.web.prescriber import views as prescriber
from pharmacy.web.public import contact
from pharmacy.web.public import views as public

app_name = "web"

urlpatterns = [
    path("", public.home, name="home"),
    path("patients/", public.for_patients, name="for_patients"),
    path("research/", public.research, name="research"),
    path("contact/", contact.contact, name="contact"),
    path("contact/sent/", contact.contact_sent, name="contact_sent"),
    path("prescribe/", prescriber.start, name="prescribe"),
    path("prescribe/<uuid:key>/", prescriber.write, name="write_prescription"),
    path("prescribe/<uuid:key>/check/", prescriber.check, name="check_prescription"),
    path("prescribe/<uuid:key>/sent/", prescriber.sent, name="prescription_sent"),
    path("p/<str:token>/", identity.patient_link, name="patient_link"),
    path("p/", identity.identity, name="identity"),
    path("intake/", intake.intake, name="intake"),
    path("intake/check/", intake.intake_check, name="intake_check"),
    path("intake/done/", intake.intake_done, name="intake_done"),
    path("intake/later/", intake.intake_later, name="intake_later"),
    path("intake/<slug:page_id>/", intake.intake_page, name="intake_page"),
    path("intake/<slug:page_id>/now/", intake.intake_now, name="intake_now"),
    path("my/", plan.my_plan, name="my_plan"),
    path("my/leaflet/", plan.my_leaflet, name="my_leaflet"),
    path("my/leaflet.pdf", plan.my_leaflet_pdf, name="my_leaflet_pdf"),
    path("my/check-in/", plan.check_in, name="check_in"),
    path("my/check-in/sent/", plan.check_in_sent, name="check_in_sent"),
    path("account/login/", account.SignIn.as_view(), name="login"),
    path("account/logout/", LogoutView.as_view(next_page="web:home"), name="logout"),
    path("orders/", account.my_orders, name="my_orders"),
]
