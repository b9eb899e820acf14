"""Addresses of the public, prescriber and patient pages. None of them holds health information."""

from django.urls import path

from pharmacy.web.public import views as public

app_name = "web"

urlpatterns = [
    path("", public.home, name="home"),
    path("patients/", public.for_patients, name="for_patients"),
    path("research/", public.research, name="research"),
    path("contact/", public.home, name="contact"),
    path("prescribe/", public.home, name="prescribe"),
    path("orders/", public.home, name="my_orders"),
]
