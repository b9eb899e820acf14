"""The project's addresses."""

from django.urls import include, path

from pharmacy.backoffice.site import site
from pharmacy.backoffice.views.balances import take_reading
from pharmacy.web.health import healthz

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("admin/", site.urls),
    path("bench/balance/<int:balance_id>/reading/", take_reading, name="balance_reading"),
    path("", include("pharmacy.web.urls")),
]

handler500 = "pharmacy.web.errors.server_error"
