"""Cost and price of a batch."""

import re
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from compounding import wording, workings
from compounding.costing import CostLine, batch_cost, cost_per_unit, price
from pharmacy.backoffice.calculators import fields
from pharmacy.backoffice.calculators.answers import Answer, num
from pharmacy.backoffice.calculators.registry import Calculator, CalculatorForm, Family, Given
from pharmacy.backoffice.plan_panel import Fact

_PIECE = re.compile(r"\$?\s*(?P<number>[^\s/a-zA-Z$]+)\s*/?\s*(?P<unit>[a-zA-Z]{0,10})")
_CENT_PLACES = 4


def read_piece(text: str) -> tuple[Decimal, str]:
    """Return a number and its unit: "0.455 g" or, as a price, "$9.85/g"."""
    typed = _PIECE.fullmatch(text.strip())
    if typed is None:
        raise fields.NotRead(
            _("“%(typed)s” is not an amount such as 0.455 g, or a price such as 9.85/g.")
            % {"typed": text.strip()[:40]}
        )
    return fields.figure_in("", zero=True)(typed["number"]), typed["unit"]


class CostForm(CalculatorForm):
    """What goes into a batch, the work, and how its price is made."""

    lines = fields.table(
        gettext_lazy("Materials"),
        (fields.read_words, read_piece, read_piece),
        gettext_lazy("One a line: name; amount; price of one unit of it, as 0.455 g; 9.85/g."),
    )
    minutes = fields.figure(gettext_lazy("Labor, minutes"), zero=True)
    rate = fields.figure(gettext_lazy("Labor, $ an hour"), zero=True)
    overhead = fields.percent(gettext_lazy("Overhead, %"), zero=True)
    units = fields.whole(gettext_lazy("Usable units"))
    markup = fields.figure(gettext_lazy("Markup factor"), hint=gettext_lazy("1.6 adds 60%."))
    fee = fields.figure(gettext_lazy("Dispensing fee, $"), zero=True)


def cost(given: Given) -> Answer:
    """Return cost, cost of each unit, and price of a batch."""
    lines = [_line(*typed) for typed in given["lines"]]
    spent = {
        "labour_minutes": given["minutes"],
        "labour_rate_per_hour": given["rate"],
        "overhead_pct": given["overhead"],
    }
    found = batch_cost(lines, **spent)
    each = cost_per_unit(found.total, units_yielded=given["units"])
    asked = price(found.total, markup_factor=given["markup"], dispensing_fee=given["fee"])
    return Answer(
        headline=_("Price %(price)s") % {"price": wording.money(asked)},
        under=_("at a cost of %(cost)s") % {"cost": wording.money(found.total)},
        facts=(
            Fact(_("Materials"), wording.money(found.materials)),
            Fact(_("Labor"), wording.money(found.labour)),
            Fact(_("Overhead"), wording.money(found.overhead)),
            Fact(_("Cost of the batch"), wording.money(found.total)),
            Fact(_("Cost of each unit"), f"${num(each, _CENT_PLACES)}"),
        ),
        working=(
            *workings.costing.cost(lines=lines, **spent),
            *workings.costing.price(
                total=found.total,
                units_yielded=given["units"],
                markup_factor=given["markup"],
                dispensing_fee=given["fee"],
            ),
        ),
    )


def _line(name: str, amount: tuple[Decimal, str], each: tuple[Decimal, str]) -> CostLine:
    if each[1] and each[1].lower() != amount[1].lower():
        raise fields.NotRead(
            _("%(name)s is given in %(amount)s and priced by %(price)s. Use one unit.")
            % {"name": name, "amount": amount[1] or "?", "price": each[1]}
        )
    return CostLine(name, amount[0], each[0])


FAMILY = Family(
    key="cost",
    title=gettext_lazy("Cost and price"),
    calculators=(
        Calculator(
            key="cost",
            title=gettext_lazy("Cost and price"),
            purpose=gettext_lazy("Materials, labor, overhead; what a unit costs; the price."),
            form=CostForm,
            work_out=cost,
            example={
                "lines": "naltrexone HCl; 0.455 g; 9.85/g\nMCC; 14.658 g; 0.042/g\n"
                "capsule size 3; 103 ea; 0.0185/ea\nvial; 1 ea; 0.38/ea\nlabel; 1 ea; 0.06/ea",
                "minutes": "18",
                "rate": "42",
                "overhead": "15",
                "units": "100",
                "markup": "1.6",
                "fee": "15",
            },
            blame={fields.NotRead: "lines"},
        ),
    ),
)
