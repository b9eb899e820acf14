from django.apps import AppConfig


class OrdersConfig(AppConfig):
    name = "pharmacy.orders"
