"""The project's addresses."""

from django.contrib import admin
from django.urls import include, path

from pharmacy.web.health import healthz

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("admin/", admin.site.urls),
    path("", include("pharmacy.web.urls")),
]

handler500 = "pharmacy.web.errors.server_error"
