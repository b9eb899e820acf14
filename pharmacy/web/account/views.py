"""Signing in, for prescribers who order often."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from pharmacy.contacts.queries import prescriber_with_login
from pharmacy.orders.queries import orders_of_prescriber
from pharmacy.web.forms import dress, error_links
from pharmacy.web.prescriber.shown import shown_order

ORDERS_A_PAGE = 25


class SignInForm(AuthenticationForm):
    """Username and password; password managers may fill both."""

    error_messages = {
        "invalid_login": _("The username or the password is not right"),
        "inactive": _("This login is closed. Call us."),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].error_messages["required"] = _("Enter your username")
        self.fields["password"].error_messages["required"] = _("Enter your password")
        for field in self.fields.values():
            field.widget.attrs["class"] = "width-20"
            dress(field.widget)
        self.fields["username"].widget.attrs.pop("autofocus", None)


class SignIn(LoginView):
    """The sign-in page for prescribers. Five wrong passwords close it for a while (axes)."""

    template_name = "web/account/login.html"
    authentication_form = SignInForm

    def get_default_redirect_url(self) -> str:
        """Return the list of the prescriber's own orders."""
        return reverse("web:my_orders")

    def form_invalid(self, form: AuthenticationForm) -> HttpResponse:
        """Show the errors, with status 422."""
        context = self.get_context_data(
            form=form, error_links=error_links(form), page_has_errors=True
        )
        return self.render_to_response(context, status=422)


@never_cache
@require_safe
@login_required(login_url="web:login")
def my_orders(request: HttpRequest) -> HttpResponse:
    """Show the orders of the prescriber who is signed in, newest first, each with its state in a word."""
    assert request.user.is_authenticated
    prescriber = prescriber_with_login(request.user)
    if prescriber is None:
        return render(request, "web/account/no_prescriber.html", {"section": "orders"}, status=403)
    before = request.GET.get("before", "")
    newest_first = orders_of_prescriber(
        prescriber,
        before=int(before) if before.isascii() and before.isdigit() and len(before) < 18 else None,
        at_most=ORDERS_A_PAGE + 1,
    )
    shown, more = newest_first[:ORDERS_A_PAGE], newest_first[ORDERS_A_PAGE:]
    context = {
        "orders": [shown_order(order, with_plan=False) for order in shown],
        "older_than": shown[-1].pk if more else None,
        "section": "orders",
    }
    return render(request, "web/account/my_orders.html", context)
