"""Numbers that carry a check: NPI, DEA, NDC, CAS."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from compounding import workings
from compounding.identifiers import Ndc, NdcWrongForm, check_cas, parse_ndc
from compounding.prescriber_numbers import check_dea, check_npi, dea_letter_matches
from pharmacy.backoffice.calculators import fields
from pharmacy.backoffice.calculators.answers import Answer, Table
from pharmacy.backoffice.calculators.registry import Calculator, CalculatorForm, Family, Given


class NumbersForm(CalculatorForm):
    """Any of the numbers."""

    npi = fields.Typed(check_npi, label=gettext_lazy("NPI"), required=False)
    dea = fields.Typed(check_dea, label=gettext_lazy("DEA number"), required=False)
    last_name = fields.words(
        gettext_lazy("Registrant's last name"),
        gettext_lazy("A prescriber's own number has its initial."),
        required=False,
    )
    ndc = fields.Typed(
        parse_ndc,
        label=gettext_lazy("NDC"),
        help_text=gettext_lazy("With its hyphens, as on the package."),
        required=False,
    )
    cas = fields.Typed(check_cas, label=gettext_lazy("CAS number"), required=False)

    def clean(self) -> Given:
        """Ask for at least one."""
        cleaned: Given = super().clean() or {}
        if not self.errors and not any(cleaned.get(name) for name in ("npi", "dea", "ndc", "cas")):
            self.add_error("npi", _("Type at least one number."))
        return cleaned


def numbers(given: Given) -> Answer:
    """Return what each number says; a wrong one has been refused beside its field."""
    rows: list[tuple[str, ...]] = [
        (name, str(given[key]), _("its check digit is right"))
        for key, name in (("npi", "NPI"), ("cas", "CAS"))
        if given[key]
    ]
    if given["dea"]:
        rows.append(("DEA", given["dea"], _dea(given)))
    if given["ndc"]:
        rows += _ndc(given["ndc"])
    working = [
        line
        for key, written in (
            ("npi", workings.identifiers.npi),
            ("dea", workings.identifiers.dea),
            ("cas", workings.identifiers.cas),
        )
        if given[key]
        for line in written(given[key])
    ]
    return Answer(
        headline=_("Nothing is wrong with it")
        if len(rows) == 1
        else _("Nothing is wrong with them"),
        under=_("as far as digits can tell"),
        working=working,
        tables=(Table(_("Numbers"), (_("Number"), _("Written"), _("Says")), tuple(rows)),),
        notes=(
            _(
                "A right check digit is no proof that a number was ever given out: it does not see 09 "
                "written for 90. Look it up."
            ),
        ),
    )


def _dea(given: Given) -> str:
    if not given["last_name"]:
        return _("its check digit is right")
    if dea_letter_matches(given["dea"], last_name=given["last_name"]):
        return _("its check digit is right, and its second letter fits the name")
    return _("its check digit is right, but its second letter does not fit the name")


def _ndc(ndc: Ndc) -> list[tuple[str, str, str]]:
    return [
        (_("NDC, 11 digits"), ndc.eleven_hyphenated, _("5-4-2, as HIPAA asks: %s") % ndc.eleven),
        (_("NDC, 12 digits"), ndc.twelve, _("6-4-2, from 7 March 2033")),
    ]


FAMILY = Family(
    key="identifiers",
    title=gettext_lazy("Numbers with a check"),
    calculators=(
        Calculator(
            key="identifiers",
            title=gettext_lazy("NPI, DEA, NDC, CAS"),
            purpose=gettext_lazy("Whether a number can be right, and an NDC in its longer forms."),
            form=NumbersForm,
            work_out=numbers,
            example={
                "npi": "1234567893",
                "dea": "AJ5184279",
                "last_name": "Jones",
                "ndc": "51407-959-01",
                "cas": "16676-29-2",
            },
            blame={NdcWrongForm: "ndc"},
        ),
    ),
)
