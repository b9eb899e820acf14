"""The pages about health, and what the patient agrees to."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from pharmacy.intake.question import (
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

_CHOOSE = _("Choose yes or no. “I’m not sure” is a good answer too.")
_CHOOSE_ONE = _("Choose one. “I’m not sure” is a good answer too.")

ABOUT_YOU = Page(
    id="about-you",
    lasting=True,
    title=_("Who is this medicine for?"),
    questions=(
        Question(
            id="species",
            text=_("Who is it for?"),
            type=QuestionType.CHOICE,
            options=(
                Option("me", _("Me")),
                Option("someone", _("Someone I look after")),
                Option(
                    "animal",
                    _("An animal"),
                    _("We will call you. An animal needs its own prescription."),
                    Route.PHARMACIST,
                ),
            ),
            missing=_("Choose who the medicine is for."),
            safety=True,
        ),
        Question(
            id="sex_at_birth",
            text=_("What sex was written down at birth?"),
            why=_("We ask about pregnancy only where it can matter."),
            type=QuestionType.CHOICE,
            options=(
                Option("female", _("Female")),
                Option("male", _("Male")),
                Option("intersex", _("Intersex")),
                Option("undisclosed", _("I’d rather not say")),
            ),
            missing=_("Choose one. “I’d rather not say” is fine."),
            safety=True,
        ),
    ),
)

LIVER_AND_KIDNEYS = Page(
    id="liver-kidneys",
    lasting=True,
    title=_("Your liver and kidneys"),
    questions=(
        Question(
            id="liver",
            text=_("Do you have a liver problem?"),
            why=_("Your liver breaks this medicine down."),
            type=QuestionType.CHOICE,
            options=(
                Option("none", _("No")),
                Option("fatty_liver", _("Fatty liver"), "", Route.PHARMACIST),
                Option(
                    "chronic",
                    _("Long-term liver disease"),
                    _("Such as cirrhosis or hepatitis C."),
                    Route.PHARMACIST,
                ),
                Option("acute_hepatitis", _("Hepatitis right now"), "", Route.BLOCK),
                Option("failure", _("Liver failure"), "", Route.BLOCK),
                not_sure(),
            ),
            missing=_CHOOSE_ONE,
            safety=True,
        ),
        Question(
            id="lft_raised",
            text=_("Was a liver blood test too high in the last year?"),
            type=QuestionType.CHOICE,
            options=(
                Option("no", _("No")),
                Option("not_tested", _("I had no test")),
                Option("yes", _("Yes"), "", Route.PHARMACIST),
                not_sure(),
            ),
            missing=_CHOOSE_ONE,
            safety=True,
        ),
        Question(
            id="kidney",
            text=_("Do you have a kidney problem?"),
            why=_("This medicine leaves the body through the kidneys."),
            type=QuestionType.CHOICE,
            options=(
                Option("none", _("No")),
                Option("mild", _("Mild")),
                Option("severe", _("Severe"), "", Route.PHARMACIST),
                Option("dialysis", _("I am on dialysis"), "", Route.PHARMACIST),
                not_sure(),
            ),
            missing=_CHOOSE_ONE,
            safety=True,
        ),
    ),
)

TRANSPLANT_AND_CANCER = Page(
    id="transplant-cancer",
    lasting=True,
    title=_("Transplant and cancer"),
    questions=(
        Question(
            id="transplant",
            text=_("Have you had a transplant?"),
            hint=_("An organ, bone marrow or stem cells."),
            why=_("Your transplant team must agree first."),
            type=QuestionType.YES_NO_UNSURE,
            options=no_yes_not_sure(Route.PHARMACIST),
            missing=_CHOOSE,
            safety=True,
        ),
        Question(
            id="cancer",
            text=_("Do you have cancer, or were you treated for it?"),
            why=_("Cancer care can need opioids, and this medicine blocks them."),
            type=QuestionType.CHOICE,
            options=(
                Option("none", _("No")),
                Option("past", _("In the past. My treatment is over.")),
                Option("active", _("Now, or treated within the last year"), "", Route.PHARMACIST),
                not_sure(),
            ),
            missing=_CHOOSE_ONE,
            safety=True,
        ),
    ),
)

PREGNANCY = Page(
    id="pregnancy",
    title=_("Pregnancy and breastfeeding"),
    intro=_("If this cannot apply to you, choose “No”."),
    show_if=((Condition("sex_at_birth", none_of=("male",)),),),
    questions=(
        Question(
            id="pregnant",
            text=_("Are you pregnant, or could you be?"),
            why=_("Little is known. Your prescriber decides this with you."),
            type=QuestionType.YES_NO_UNSURE,
            options=no_yes_not_sure(Route.PHARMACIST),
            missing=_CHOOSE,
            safety=True,
        ),
        Question(
            id="trying",
            text=_("Are you trying to get pregnant in the next 3 months?"),
            type=QuestionType.YES_NO_UNSURE,
            options=no_yes_not_sure(Route.PHARMACIST),
            missing=_CHOOSE,
            safety=True,
        ),
        Question(
            id="breastfeeding",
            text=_("Are you breastfeeding?"),
            type=QuestionType.YES_NO_UNSURE,
            options=no_yes_not_sure(Route.PHARMACIST),
            missing=_CHOOSE,
            safety=True,
        ),
    ),
)

SURGERY = Page(
    id="surgery",
    title=_("Is surgery, dental work or another procedure planned?"),
    questions=(
        Question(
            id="surgery_planned",
            text=_("Is surgery, dental work or another procedure planned?"),
            hint=_("Also a tooth pulled, or a scope of the stomach or bowel."),
            why=_("Pain medicine may not work well. You will most likely pause for some days."),
            type=QuestionType.YES_NO_UNSURE,
            options=no_yes_not_sure(Route.PHARMACIST),
            missing=_CHOOSE,
            safety=True,
        ),
        Question(
            id="surgery_date",
            text=_("On which day?"),
            hint=_("Leave this empty if you do not know yet."),
            type=QuestionType.DATE,
            required=False,
            date_rule=DateRule.NOT_PAST,
        ),
    ),
)

ALCOHOL = Page(
    id="alcohol",
    lasting=True,
    title=_("How much alcohol do you drink?"),
    questions=(
        Question(
            id="alcohol",
            text=_("How much alcohol do you drink?"),
            why=_("A lot of alcohol is hard on the liver."),
            type=QuestionType.CHOICE,
            options=(
                Option("none", _("None")),
                Option("light", _("A few drinks a week")),
                Option("moderate", _("One or two drinks on most days")),
                Option("heavy", _("More than that"), "", Route.PHARMACIST),
                not_sure(),
            ),
            missing=_CHOOSE_ONE,
            safety=True,
        ),
    ),
)

MOOD = Page(
    id="mood",
    title=_("Have you felt very low, or thought of harming yourself, in the last month?"),
    private=True,
    questions=(
        Question(
            id="mood_severe",
            text=_("Have you felt very low, or thought of harming yourself, in the last month?"),
            hint=_("Say yes as well if you see or hear things that others do not."),
            why=_("Mood can get worse with this medicine. We want to know before you start."),
            type=QuestionType.CHOICE,
            options=(
                Option("no", _("No")),
                Option("yes", _("Yes"), _("A pharmacist will call you today."), Route.URGENT),
                Option(
                    "private",
                    _("I’d rather talk"),
                    _("A pharmacist will call you today."),
                    Route.URGENT,
                ),
                not_sure(Route.URGENT),
            ),
            missing=_CHOOSE_ONE,
            safety=True,
            alerts=(
                Alert(
                    _("Help is there now"),
                    _("If you may harm yourself, call or text 988. It is free, day and night."),
                ),
                Alert(
                    _("Please talk to someone now"),
                    _(
                        "Call or text 988 at any hour. It is free and in private. "
                        "If you are in danger, call 911. We will call you today."
                    ),
                    values=("yes", "private", "not_sure"),
                ),
            ),
        ),
    ),
)

BEFORE = Page(
    id="ldn-before",
    lasting=True,
    title=_("Have you taken low-dose naltrexone before?"),
    questions=(
        Question(
            id="ldn_before",
            text=_("Have you taken low-dose naltrexone before?"),
            why=_("What helped or upset you then tells us where to start."),
            type=QuestionType.YES_NO_UNSURE,
            options=(
                Option("no", _("No")),
                Option("yes", _("Yes")),
                Option("not_sure", _("I’m not sure")),
            ),
            missing=_CHOOSE,
        ),
        Question(
            id="ldn_before_details",
            text=_("If yes: which dose, when, and how did it go?"),
            type=QuestionType.LONG_TEXT,
            required=False,
        ),
    ),
)

_AGREE = _("Tick the box to go on. If you do not agree, call us.")

AGREEMENT = Page(
    id="agreement",
    title=_("What you agree to"),
    questions=(
        Question(
            id="ack_offlabel",
            text=_(
                "I know that this medicine is made just for me. "
                "The FDA has not approved naltrexone at a low dose for my condition."
            ),
            type=QuestionType.CONSENT,
            missing=_AGREE,
        ),
        Question(
            id="ack_opioid",
            text=_(
                "I will not take opioids with this medicine. "
                "I will tell every doctor and dentist that I take it."
            ),
            type=QuestionType.CONSENT,
            missing=_AGREE,
        ),
        Question(
            id="ack_contact",
            text=_("You may talk with my prescriber about this, and send me check-in questions."),
            type=QuestionType.CONSENT,
            missing=_AGREE,
        ),
        Question(
            id="signed_by",
            text=_("Who is signing?"),
            type=QuestionType.CHOICE,
            options=(
                Option("me", _("I am the patient")),
                Option("someone", _("I sign for the patient")),
            ),
            missing=_("Choose who is signing."),
        ),
        Question(
            id="signature",
            text=_("Your full name, as your signature"),
            type=QuestionType.SIGNATURE,
            missing=_("Type your full name to sign."),
        ),
    ),
)

HEALTH_PAGES = (
    ABOUT_YOU,
    LIVER_AND_KIDNEYS,
    TRANSPLANT_AND_CANCER,
    PREGNANCY,
    SURGERY,
    ALCOHOL,
    MOOD,
    BEFORE,
    AGREEMENT,
)
