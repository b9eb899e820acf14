"""What is due, what is said, and what patients answer. The row is the queue; the broker only makes it sooner."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from pharmacy.contacts.models import Enquiry
from pharmacy.followups.states import MessageState
from pharmacy.orders.models import Order


class FollowUpKind(models.TextChoices):
    ACKNOWLEDGE_ENQUIRY = "acknowledge_enquiry", _("acknowledge an enquiry")
    TELL_STAFF = "tell_staff", _("tell the staff of an enquiry")
    REMIND_STAFF = "remind_staff", _("remind the staff of an enquiry")
    ANSWER_ENQUIRY = "answer_enquiry", _("send the answer to an enquiry")
    INVITE_PATIENT = "invite_patient", _("invite the patient to the safety questions")
    FRESH_LINK = "fresh_link", _("send the patient a fresh link")
    SEND_PLAN = "send_plan", _("send the patient the plan and leaflet")
    CHECK_IN = "check_in", _("ask the patient how it goes")
    RECALL_PATIENT = "recall_patient", _("ask the patient to call: a recall")
    RECALL_PRESCRIBER = "recall_prescriber", _("tell the prescriber of a recall")


class FollowUp(models.Model):
    """One thing that is due, once: found by "due and not done yet", never by "due today"."""

    kind = models.CharField(_("kind"), max_length=30, choices=FollowUpKind.choices)
    enquiry = models.ForeignKey(
        Enquiry, models.PROTECT, null=True, blank=True, related_name="followups"
    )
    order = models.ForeignKey(
        Order, models.PROTECT, null=True, blank=True, related_name="followups"
    )
    sequence = models.PositiveIntegerField(
        _("number"),
        default=1,
        help_text=_("The reminder's number, the day of a check-in, or the recall."),
    )
    due_at = models.DateTimeField(_("due at"))
    done_at = models.DateTimeField(_("done at"), null=True, blank=True)
    dropped_at = models.DateTimeField(_("dropped at"), null=True, blank=True)
    dropped_because = models.CharField(_("why dropped"), max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(enquiry__isnull=False, order__isnull=True)
                | Q(enquiry__isnull=True, order__isnull=False),
                name="followups_about_one_thing",
            ),
            models.UniqueConstraint(
                fields=["kind", "enquiry", "sequence"],
                condition=Q(enquiry__isnull=False),
                name="followups_once_an_enquiry",
            ),
            models.UniqueConstraint(
                fields=["kind", "order", "sequence"],
                condition=Q(order__isnull=False),
                name="followups_once_an_order",
            ),
            models.CheckConstraint(
                condition=Q(dropped_at__isnull=True, dropped_because="")
                | (Q(dropped_at__isnull=False, done_at__isnull=True) & ~Q(dropped_because="")),
                name="followups_dropped_says_why",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=Q(done_at__isnull=True, dropped_at__isnull=True),
                name="followups_due",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.sequence}"


class OutgoingMessage(models.Model):
    """One e-mail, word for word but for the secret of a patient's link.

    A worker claims the row, commits, sends, marks.
    """

    followup = models.OneToOneField(FollowUp, models.PROTECT, related_name="message")
    state = models.CharField(
        _("state"), max_length=20, choices=MessageState.choices, default=MessageState.QUEUED
    )
    message_id = models.CharField(_("Message-ID"), max_length=120, unique=True)
    recipient = models.EmailField(_("to"))
    subject = models.CharField(_("subject"), max_length=200)
    body_text = models.TextField(_("text"))
    body_html = models.TextField(_("HTML"))
    link_secret = models.CharField(
        max_length=64,
        null=True,
        editable=False,
        help_text=_("Put into the patient's link while it is sent; gone once it is sent."),
    )
    queued_at = models.DateTimeField(_("queued at"))
    send_after = models.DateTimeField(_("not before"))
    attempts = models.PositiveIntegerField(_("tries"), default=0)
    claimed_at = models.DateTimeField(_("claimed at"), null=True, blank=True)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    last_error = models.CharField(_("last error"), max_length=300, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="sent", sent_at__isnull=False)
                | (~Q(state="sent") & Q(sent_at__isnull=True)),
                name="followups_sent_has_a_time",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["claimed", "sent"], claimed_at__isnull=False)
                | Q(state__in=["queued", "failed"], claimed_at__isnull=True),
                name="followups_claimed_has_a_time",
            ),
        ]
        indexes = [
            models.Index(
                fields=["send_after"], condition=Q(state="queued"), name="followups_to_send"
            ),
            models.Index(
                fields=["queued_at"],
                condition=Q(sent_at__isnull=True),
                name="followups_not_sent_yet",
            ),
            models.Index(
                fields=["claimed_at"], condition=Q(state="claimed"), name="followups_being_sent"
            ),
            models.Index(
                fields=["-queued_at", "-id"], condition=Q(state="failed"), name="followups_failed"
            ),
        ]

    def __str__(self) -> str:
        return f"message {self.pk}"


class Feeling(models.TextChoices):
    BETTER = "better", _("Better")
    SAME = "same", _("About the same")
    WORSE = "worse", _("Worse")


class YesNoUnsure(models.TextChoices):
    NO = "no", _("No")
    YES = "yes", _("Yes")
    UNSURE = "not_sure", _("I'm not sure")


class CheckIn(models.Model):
    """What a patient said when asked how it goes. Never edited."""

    order = models.ForeignKey(Order, models.PROTECT, related_name="check_ins")
    at = models.DateTimeField(_("at"))
    feeling = models.CharField(_("how it goes"), max_length=10, choices=Feeling.choices)
    opioid_since = models.CharField(
        _("opioid taken or prescribed since"), max_length=10, choices=YesNoUnsure.choices
    )
    side_effects = models.TextField(_("side effects"), blank=True)
    wants_call = models.BooleanField(_("wants a call"), default=False)
    asks_for_a_look = models.BooleanField(
        _("asks for a look"),
        default=True,
        help_text=_("An opioid, feeling worse, side effects in words, or a wish to be called."),
    )
    seen_at = models.DateTimeField(_("seen at"), null=True, blank=True)
    seen_by = models.ForeignKey(
        "people.User", models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(seen_at__isnull=True, seen_by__isnull=True)
                | Q(seen_at__isnull=False, seen_by__isnull=False),
                name="followups_seen_by_and_at",
            )
        ]
        indexes = [
            models.Index(
                fields=["at", "id"],
                condition=Q(asks_for_a_look=True, seen_at__isnull=True),
                name="followups_to_look_at",
            )
        ]

    def __str__(self) -> str:
        return f"check-in {self.pk}"


class PatientCall(models.Model):
    """A call that somebody makes to a patient who has not answered. Done once, or dropped when the answer came."""

    order = models.ForeignKey(Order, models.PROTECT, related_name="calls")
    because = models.CharField(_("why"), max_length=200)
    due_at = models.DateTimeField(_("due at"))
    done_at = models.DateTimeField(_("done at"), null=True, blank=True)
    done_by = models.ForeignKey(
        "people.User", models.PROTECT, null=True, blank=True, related_name="+"
    )
    outcome = models.TextField(_("what came of it"), blank=True)
    dropped_at = models.DateTimeField(_("dropped at"), null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(done_at__isnull=True, done_by__isnull=True, outcome="")
                | (Q(done_at__isnull=False, done_by__isnull=False) & ~Q(outcome="")),
                name="followups_call_by_at_and_outcome",
            ),
            models.CheckConstraint(
                condition=Q(done_at__isnull=True) | Q(dropped_at__isnull=True),
                name="followups_call_done_or_dropped",
            ),
            models.UniqueConstraint(
                fields=["order"],
                condition=Q(done_at__isnull=True, dropped_at__isnull=True),
                name="followups_one_open_call",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at", "id"],
                condition=Q(done_at__isnull=True, dropped_at__isnull=True),
                name="followups_calls_to_make",
            )
        ]

    def __str__(self) -> str:
        return f"call {self.pk}"
