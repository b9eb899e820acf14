"""What has to be ordered: by use, so many days of it, and by a minimum that a person set."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import F, Q, QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from compounding import given, wording
from pharmacy.audit.actions import record_event, writing
from pharmacy.formulations.models import Ingredient
from pharmacy.inventory.models import Place, ReorderPoint, StockLevel, StockMove
from pharmacy.inventory.states import LotState
from pharmacy.people.actors import Actor, person_in
from pharmacy.people.roles import Role
from pharmacy.policies.queries import whole_of

COVER_POLICY = "reorder_cover_days"
"""For how many days of use the shelf should last: the suppliers' time to deliver, and some more."""
HISTORY_POLICY = "reorder_history_days"
"""Over how many of the last days the use is counted."""


@dataclass(frozen=True)
class ToOrder:
    """An ingredient of which there is too little, and the numbers that say so (in the ingredient's unit)."""

    ingredient: Ingredient
    usable: Decimal
    in_quarantine: Decimal
    used: Decimal
    """In the days that the use is counted over."""
    history_days: int
    cover_days: int
    minimum: Decimal

    @property
    def wanted(self) -> Decimal:
        """Return how much the shelf should hold: the use of the days to cover, or the minimum if that is more."""
        return max(self.minimum, self.used * self.cover_days / self.history_days)

    @property
    def short(self) -> Decimal:
        return self.wanted - self.usable

    @property
    def days_left(self) -> int | None:
        """Return for how many whole days it lasts at this rate; None when none was used."""
        if self.used <= 0:
            return None
        return int(self.usable * self.history_days / self.used)

    @property
    def why(self) -> str:
        """Return the reason in a sentence."""
        if self.days_left is not None and self.days_left < self.cover_days:
            return _(
                "At the use of the last %(history)s days it lasts %(left)s; wanted: %(cover)s."
            ) % {
                "history": wording.number(Decimal(self.history_days)),
                "left": wording.days(self.days_left),
                "cover": wording.days(self.cover_days),
            }
        return _("Below the minimum of %(minimum)s %(unit)s.") % {
            "minimum": wording.grouped(self.minimum),
            "unit": self.ingredient.get_unit_display(),
        }


@writing()
def set_minimum(
    *, ingredient: Ingredient, minimum: Decimal, by: Actor, at: datetime
) -> ReorderPoint:
    """Return the least of an ingredient that the shelf should hold (in its unit); zero leaves it to the use."""
    person_in(Role.of_staff(), by)
    given.not_negative(minimum, _("The minimum"))
    known = ReorderPoint.objects.filter(ingredient=ingredient).first()
    old = None if known is None else known.minimum
    point, _created = ReorderPoint.objects.update_or_create(
        ingredient=ingredient, defaults={"minimum": minimum}
    )
    record_event(
        event="reorder_point_set",
        record=ingredient,
        by=by,
        at=at,
        old={"minimum": old},
        new={"minimum": minimum},
    )
    return point


def to_order(*, at: datetime) -> list[ToOrder]:
    """Return the ingredients of which there is too little, the one that runs out first first: four queries."""
    on = timezone.localdate(at)
    history, cover = whole_of(HISTORY_POLICY, on=on), whole_of(COVER_POLICY, on=on)
    used = _sums(
        StockMove.objects.filter(to_place=Place.USED, at__gte=at - timedelta(days=history))
    )
    shelf = StockLevel.objects.filter(place=Place.SHELF, lot__expires_on__gte=on)
    usable = _sums(shelf.filter(lot__state=LotState.RELEASED))
    waiting = _sums(shelf.filter(lot__state=LotState.QUARANTINED))
    known = Ingredient.objects.filter(Q(pk__in=used) | Q(reorder_point__minimum__gt=0))
    rows = [
        ToOrder(
            ingredient=ingredient,
            usable=usable.get(ingredient.pk, Decimal(0)),
            in_quarantine=waiting.get(ingredient.pk, Decimal(0)),
            used=used.get(ingredient.pk, Decimal(0)),
            history_days=history,
            cover_days=cover,
            minimum=ingredient.least or Decimal(0),
        )
        for ingredient in known.annotate(least=F("reorder_point__minimum")).order_by("name")
    ]
    return sorted((row for row in rows if row.short > 0), key=_soonest)


def _soonest(row: ToOrder) -> tuple[int, str]:
    return (row.cover_days if row.days_left is None else row.days_left, row.ingredient.name)


def _sums(rows: QuerySet[Any]) -> dict[int, Decimal]:
    return dict(rows.values_list("lot__ingredient").annotate(sum=Sum("quantity")).order_by())
