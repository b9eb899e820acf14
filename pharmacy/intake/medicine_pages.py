"""The pages about other medicines, other products and allergies."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from pharmacy.intake.question import (
    REFILL,
    TYPED_DAY,
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

SINCE_LAST_FILL = Page(
    id="last-dose",
    title=_("When did you last take the medicine we made for you?"),
    show_if=((Condition(REFILL, any_of=("yes",)),),),
    questions=(
        Question(
            id="last_dose_date",
            text=_("When did you last take the medicine we made for you?"),
            why=_("After a longer break you may have to start lower again. Ask us before you do."),
            type=QuestionType.DATE_OR_CHOICE,
            options=(
                Option("going_on", _("Today or yesterday: I take it every day")),
                Option(TYPED_DAY, _("On another day"), "", Route.PHARMACIST),
                not_sure(),
            ),
            missing=_("Choose one, or enter the day. Your best guess is fine."),
            date_rule=DateRule.NOT_AHEAD,
        ),
    ),
)

MEDICINES = Page(
    id="medicines",
    title=_("Which medicines do you take?"),
    intro=_(
        "All of them: with or without a prescription, patches, shots, creams, and those for bad days."
    ),
    questions=(
        Question(
            id="medicines",
            text=_("Your medicines, one on each line"),
            hint=_(
                "Name, strength and how often, as well as you know it. For example: Zoloft 50 mg, daily."
            ),
            why=_("We look for opioids and for medicines that need care beside yours."),
            type=QuestionType.MEDICINE_LIST,
            required=False,
            required_if=((Condition("medicines_complete", any_of=("all",)),),),
            empty_if=((Condition("medicines_complete", any_of=("none",)),),),
            missing=_("Write your medicines here, or choose that you take none."),
            safety=True,
        ),
        Question(
            id="medicines_complete",
            text=_("Is that everything?"),
            type=QuestionType.CHOICE,
            options=(
                Option("all", _("Yes, that is everything")),
                Option("none", _("I take no medicines")),
                not_sure(),
            ),
            missing=_("Tell us if the list is complete."),
            safety=True,
        ),
    ),
)

SUPPLEMENTS = Page(
    id="supplements",
    title=_("Which vitamins, herbs or other products do you use?"),
    intro=_("Also teas, powders, energy drinks, cannabis and CBD."),
    questions=(
        Question(
            id="supplements",
            text=_("Your products, one on each line"),
            why=_("Some products from the shop act like an opioid, and the label does not say so."),
            type=QuestionType.MEDICINE_LIST,
            required=False,
            required_if=((Condition("supplements_complete", any_of=("all",)),),),
            empty_if=((Condition("supplements_complete", any_of=("none",)),),),
            missing=_("Write your products here, or choose that you use none."),
            safety=True,
        ),
        Question(
            id="supplements_complete",
            text=_("Is that everything?"),
            type=QuestionType.CHOICE,
            options=(
                Option("all", _("Yes, that is everything")),
                Option("none", _("I use no such products")),
                not_sure(),
            ),
            missing=_("Tell us if the list is complete."),
            safety=True,
        ),
    ),
)

MEDICINE_KINDS = Page(
    id="medicine-kinds",
    title=_("Two kinds of medicine we ask about by name"),
    questions=(
        Question(
            id="thyroid_med",
            text=_("Do you take thyroid medicine?"),
            hint=_("For example levothyroxine (Synthroid), Cytomel or Armour Thyroid."),
            why=_("You would start lower, and have a blood test after some weeks."),
            type=QuestionType.YES_NO_UNSURE,
            options=no_yes_not_sure(Route.PHARMACIST),
            missing=_CHOOSE,
            safety=True,
        ),
        Question(
            id="immunosuppressant",
            text=_("Do you take a medicine that lowers the immune system?"),
            hint=_("For example steroids, methotrexate, shots such as Humira, or medicine for MS."),
            why=_("Keep taking it. Your specialist should know that you start something new."),
            type=QuestionType.YES_NO_UNSURE,
            options=no_yes_not_sure(Route.NONE),
            missing=_CHOOSE,
            safety=True,
        ),
    ),
)

ALLERGIES = Page(
    id="allergies",
    lasting=True,
    title=_("What are you allergic to?"),
    intro=_("Choose all that you react to, or cannot take."),
    questions=(
        Question(
            id="allergy",
            text=_("What are you allergic to?"),
            why=_("We can often make your medicine without it."),
            type=QuestionType.MULTI_CHOICE,
            options=(
                Option("none", _("None of these"), exclusive=True),
                Option("naltrexone", _("Naltrexone"), "", Route.BLOCK),
                Option("naloxone", _("Naloxone (Narcan)"), "", Route.BLOCK),
                Option("nalmefene", _("Nalmefene"), "", Route.BLOCK),
                Option("lactose", _("Lactose (milk sugar)"), "", Route.PHARMACIST),
                Option("gelatin", _("Gelatin (from pork or beef)"), "", Route.PHARMACIST),
                Option("dye", _("Dyes"), "", Route.PHARMACIST),
                Option("cellulose", _("Cellulose"), "", Route.PHARMACIST),
                Option("benzoate", _("Benzoate (keeps liquids fresh)"), "", Route.PHARMACIST),
                Option("paraben", _("Parabens (keep liquids fresh)"), "", Route.PHARMACIST),
                Option("flavor", _("Flavors"), "", Route.PHARMACIST),
                Option("xylitol", _("Xylitol or other sweeteners"), "", Route.PHARMACIST),
                Option("coconut_oil", _("Coconut oil"), "", Route.PHARMACIST),
                Option("sugar", _("Sugar"), "", Route.PHARMACIST),
                Option("gluten", _("Gluten"), "", Route.PHARMACIST),
                Option("alcohol_excipient", _("Alcohol in a medicine"), "", Route.PHARMACIST),
                Option(
                    "animal_origin",
                    _("Anything from animals"),
                    _("Gelatin and milk sugar come from animals."),
                    Route.PHARMACIST,
                ),
                Option("other", _("Something else"), _("Tell us below."), Route.PHARMACIST),
                not_sure(),
            ),
            missing=_("Choose what you are allergic to, or “None of these”."),
            safety=True,
        ),
        Question(
            id="allergy_reaction",
            text=_("What happened? Name any other allergy here too."),
            type=QuestionType.LONG_TEXT,
            required=False,
            required_if=((Condition("allergy", any_of=("other",)),),),
            missing=_("Tell us what else you are allergic to."),
            safety=True,
        ),
    ),
)

MEDICINE_PAGES = (SINCE_LAST_FILL, MEDICINES, SUPPLEMENTS, MEDICINE_KINDS, ALLERGIES)
