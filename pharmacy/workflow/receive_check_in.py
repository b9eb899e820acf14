"""A patient says how it goes, some days after the medicine was handed over."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from compounding.errors import Refusal
from pharmacy.audit.actions import writing
from pharmacy.followups.actions import create_check_in, drop_calls, schedule
from pharmacy.followups.models import CheckIn, Feeling, FollowUpKind, YesNoUnsure
from pharmacy.orders.models import Order, PatientLink
from pharmacy.orders.states import OrderState

LONGEST_SIDE_EFFECTS = 4000


class NotDispensedYet(Refusal):
    """There is nothing to report about yet."""


class AnswerNotOffered(Refusal):
    """An answer is missing, or is none of those on the page. `field` says which."""

    def __init__(self, sentence: str, *, field: str) -> None:
        super().__init__(sentence)
        self.field = field


@writing()
def receive_check_in(
    *,
    link: PatientLink,
    feeling: str,
    opioid_since: str,
    side_effects: str,
    wants_call: bool,
    at: datetime,
) -> CheckIn:
    """Return the check-in of these answers. The staff is told when somebody should look at it.

    The same answers on the same day are the same check-in: a second press stores nothing twice.
    Raises NotDispensedYet and AnswerNotOffered.
    """
    order = Order.objects.select_related("prescription").get(pk=link.order_id)
    if order.state != OrderState.DISPENSED:
        raise NotDispensedYet(_("We ask how it goes once you have your medicine."))
    answers = _checked(feeling, opioid_since, side_effects)
    latest = order.check_ins.order_by("-at", "-pk").first()
    if latest is not None and _says_the_same(latest, {**answers, "wants_call": wants_call}, at=at):
        return latest
    check_in = create_check_in(order=order, wants_call=wants_call, at=at, **answers)
    drop_calls(order=order, at=at)
    if check_in.asks_for_a_look:
        schedule(
            kind=FollowUpKind.TELL_STAFF,
            due_at=at,
            order=order,
            sequence=order.check_ins.count(),
        )
    return check_in


def _checked(feeling: str, opioid_since: str, side_effects: str) -> dict[str, str]:
    if feeling not in Feeling.values:
        raise AnswerNotOffered(_("Select how it is going"), field="feeling")
    if opioid_since not in YesNoUnsure.values:
        raise AnswerNotOffered(_("Select yes, no, or I'm not sure"), field="opioid_since")
    if len(side_effects) > LONGEST_SIDE_EFFECTS:
        raise AnswerNotOffered(
            _("Use %(most)d characters or fewer, not %(given)d")
            % {"most": LONGEST_SIDE_EFFECTS, "given": len(side_effects)},
            field="side_effects",
        )
    return {
        "feeling": feeling,
        "opioid_since": opioid_since,
        "side_effects": side_effects.strip(),
    }


def _says_the_same(latest: CheckIn, answers: dict[str, object], *, at: datetime) -> bool:
    same_day = timezone.localdate(latest.at) == timezone.localdate(at)
    return same_day and all(getattr(latest, name) == value for name, value in answers.items())
