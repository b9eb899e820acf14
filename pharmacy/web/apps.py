from django.apps import AppConfig

from pharmacy import checks


class WebConfig(AppConfig):
    name = "pharmacy.web"


__all__ = ["WebConfig", "checks"]  # importing the checks registers them
