"""The first pages of the intake: every way in which an opioid may still be in the body."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from pharmacy.intake.question import (
    TYPED_DAY,
    Alert,
    DateRule,
    Option,
    Page,
    Question,
    QuestionType,
    Route,
    no_yes_not_sure,
    not_sure,
)
from pharmacy.screening.conditions import Condition

OPIOID_NOW = Page(
    id="opioid-now",
    title=_("Do you take any opioid medicine now, even once in a while?"),
    questions=(
        Question(
            id="opioid_now",
            text=_("Do you take any opioid medicine now, even once in a while?"),
            hint=_(
                "For example codeine, tramadol, hydrocodone (Norco), oxycodone (Percocet) or morphine. "
                "Also a fentanyl or Butrans patch, Belbuca, methadone, Suboxone, or some cough syrups."
            ),
            why=_(
                "Your new medicine blocks opioids. Together they can make you very sick within an hour. "
                "This is true even at a very low dose."
            ),
            type=QuestionType.YES_NO_UNSURE,
            options=no_yes_not_sure(
                Route.BLOCK,
                yes_hint=_("Keep taking it as you do now. A pharmacist will call you."),
                unsure=Route.BLOCK,
            ),
            missing=_("Choose yes or no. “I’m not sure” is a good answer too."),
            safety=True,
        ),
    ),
)

OPIOID_LAST = Page(
    id="opioid-last",
    title=_("When did you last take an opioid?"),
    intro=_("Count surgery, the dentist, the emergency room, and cough syrup."),
    questions=(
        Question(
            id="opioid_last_date",
            text=_("When did you last take an opioid?"),
            why=_("Your body needs some days without opioids before your first dose."),
            type=QuestionType.DATE_OR_CHOICE,
            options=(
                Option("never", _("Never")),
                Option("over_year", _("More than a year ago")),
                Option(TYPED_DAY, _("On this day"), _("Your best guess is fine.")),
                not_sure(Route.BLOCK),
            ),
            missing=_("Choose when you last took an opioid."),
            safety=True,
            date_rule=DateRule.NOT_AHEAD,
        ),
        Question(
            id="opioid_last_name",
            text=_("Which one was it, and how much did you take?"),
            hint=_("Only if you took one in the last year. If you do not know, write “not sure”."),
            why=_("Some stay in the body longer than others."),
            type=QuestionType.TEXT,
            required=False,
            required_if=(
                (Condition("opioid_last_date", none_of=("never", "over_year", "not_sure")),),
            ),
            missing=_("Tell us which opioid it was, or write “not sure”."),
            safety=True,
        ),
    ),
)

OPIOID_LIKE = Page(
    id="opioid-like",
    title=_("Do you use kratom, or another product that acts like an opioid?"),
    questions=(
        Question(
            id="opioid_like_supplement",
            text=_("Do you use kratom, or another product that acts like an opioid?"),
            hint=_(
                "For example kratom, 7-OH, tianeptine (ZaZa, Neptune’s Fix), the Feel Free drink, or poppy tea."
            ),
            why=_(
                "Shops sell these without a prescription. Your new medicine blocks them as well."
            ),
            type=QuestionType.YES_NO_UNSURE,
            options=no_yes_not_sure(Route.BLOCK, unsure=Route.BLOCK),
            missing=_("Choose yes or no. “I’m not sure” is a good answer too."),
            safety=True,
        ),
    ),
)

_PRIVATE = Option(
    "private",
    _("I’d rather talk in private"),
    _("A pharmacist will call you. Nobody else."),
    Route.PHARMACIST,
)

OPIOID_TREATMENT = Page(
    id="opioid-treatment",
    title=_("Treatment for opioid use"),
    intro=_("We ask everyone. Nothing here changes how we treat you."),
    private=True,
    questions=(
        Question(
            id="oud_treatment",
            text=_("Are you in treatment for opioid use now?"),
            hint=_("For example methadone, Suboxone, Sublocade or Vivitrol."),
            why=_("Your treatment comes first. We would never ask you to stop it."),
            type=QuestionType.CHOICE,
            options=(
                Option("no", _("No")),
                Option("yes", _("Yes"), "", Route.BLOCK),
                Option("private", _PRIVATE.label, _PRIVATE.hint, Route.BLOCK),
                not_sure(Route.BLOCK),
            ),
            missing=_("Choose one. You may also choose to talk in private."),
            safety=True,
        ),
        Question(
            id="oud_history",
            text=_("Were you ever treated for opioid use or an overdose?"),
            why=_("After this medicine, opioids can hit your body harder."),
            type=QuestionType.CHOICE,
            options=(Option("no", _("No")), Option("yes", _("Yes")), _PRIVATE, not_sure()),
            missing=_("Choose one. You may also choose to talk in private."),
            safety=True,
        ),
    ),
)

WITHDRAWAL = Page(
    id="withdrawal",
    title=_("How you feel now, and drug tests"),
    questions=(
        Question(
            id="opioid_withdrawal_symptoms",
            text=_("Have you stopped an opioid, and do you feel sick from it now?"),
            hint=_("For example sweats, shakes, belly cramps, or you cannot keep still."),
            why=_("It would be unsafe to start now."),
            type=QuestionType.YES_NO_UNSURE,
            options=no_yes_not_sure(Route.URGENT, unsure=Route.URGENT),
            missing=_("Choose yes or no. “I’m not sure” is a good answer too."),
            safety=True,
            alerts=(
                Alert(
                    _("Do not take any naltrexone"),
                    _("Call us today. Call 911 if you are confused, or cannot stop throwing up."),
                    values=("yes", "not_sure"),
                ),
            ),
        ),
        Question(
            id="opioid_urine",
            text=_("Did you have a test for opioids in the last month?"),
            type=QuestionType.CHOICE,
            required=False,
            options=(
                Option("not_done", _("No test")),
                Option("negative", _("Yes, no opioid was found")),
                Option("positive", _("Yes, an opioid was found"), "", Route.BLOCK),
                not_sure(),
            ),
            safety=True,
        ),
        Question(
            id="drug_testing",
            text=_("Do you have drug tests for work or for a court?"),
            why=_("Now and then this medicine upsets an opioid test. We tell you what to carry."),
            type=QuestionType.YES_NO_UNSURE,
            required=False,
            options=(
                Option("no", _("No")),
                Option("yes", _("Yes")),
                Option("not_sure", _("I’m not sure")),
            ),
            safety=True,
        ),
    ),
)

OPIOID_PAGES = (OPIOID_NOW, OPIOID_LAST, OPIOID_LIKE, OPIOID_TREATMENT, WITHDRAWAL)
