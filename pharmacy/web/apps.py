from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "pharmacy.web"
