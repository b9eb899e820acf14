"""The worksheets of a batch of capsules: from powder as it is, and from a stock triturate."""

from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from compounding import wording
from compounding.capsules import CapsuleOverfilled
from compounding.worksheet import (
    BenchTolerances,
    CapsuleActive,
    CapsuleExcipient,
    CapsuleInputs,
    CapsuleTriturate,
    Filler,
    Role,
    Shell,
    plan_capsule_worksheet,
)
from pharmacy.backoffice.calculators import fields, sheets
from pharmacy.backoffice.calculators.answers import Answer, num
from pharmacy.backoffice.calculators.defaults import Policy, Source, shells_to_hand
from pharmacy.backoffice.calculators.potency import (
    CAP,
    CERTIFICATE_EXAMPLE,
    CertificateForm,
    ConversionForm,
    certificate_of,
    conversion_of,
)
from pharmacy.backoffice.calculators.registry import Calculator, Given


class BatchForm(sheets.BenchForm):
    """A batch of capsules, but for where its active comes from."""

    headings = {
        **sheets.BenchForm.headings,
        "name": gettext_lazy("Active"),
        "others": gettext_lazy("What fills the capsule"),
        "size": gettext_lazy("Capsule"),
    }
    together = (*sheets.BenchForm.together, ("filler", "filler_pack"))
    name = fields.words(gettext_lazy("Name"))
    dose = fields.mass(gettext_lazy("Dose in each capsule"))
    units = fields.whole(gettext_lazy("Capsules wanted"))
    overage = fields.percent(gettext_lazy("Overage, %"), zero=True)
    pack = fields.mass(
        gettext_lazy("Its pack statistic"),
        gettext_lazy("What fills one capsule of this size with it alone."),
    )
    others = fields.table(
        gettext_lazy("Other powders"),
        (fields.read_words, fields.read_mass, fields.read_mass),
        gettext_lazy("One a line: name; mg in each capsule; pack statistic."),
        required=False,
    )
    filler = fields.words(
        gettext_lazy("Filler"),
        gettext_lazy("Empty if the other powders fill the capsule without one."),
        required=False,
    )
    filler_pack = fields.mass(gettext_lazy("Pack statistic of the filler"), required=False)
    size = fields.words(gettext_lazy("Capsule size"))
    volume = fields.volume(gettext_lazy("Volume of the capsule"))
    shell = fields.mass(gettext_lazy("Mean weight of an empty shell"))
    fill = fields.percent(
        gettext_lazy("Spread of the filling, %"),
        gettext_lazy("For the error of the dose."),
        zero=True,
        required=False,
    )


_ACTIVE = ("name", "dose", "units", "overage", "pack")
_REST = ("others", "filler", "filler_pack", "size", "volume", "shell", "fill")


class WorksheetForm(ConversionForm, CertificateForm, BatchForm):
    """A batch of capsules from powder as it is."""

    headings = {**BatchForm.headings, **CertificateForm.headings}
    together = (*ConversionForm.together, *BatchForm.together)
    field_order = (
        *_ACTIVE,
        *CertificateForm.base_fields,
        *ConversionForm.base_fields,
        *_REST,
    )


class FromTriturateForm(BatchForm, sheets.StockTriturateForm):
    """A batch of capsules from a stock triturate."""

    field_order = (*_ACTIVE, "triturate", "error", "mixing", *_REST)


def worksheet(given: Given) -> Answer:
    """Return the worksheet of a batch of capsules, worked out twice."""
    active = CapsuleActive(
        key="active",
        name=given["name"],
        strength_mg=given["dose"],
        certificate=certificate_of(given),
        conversion=conversion_of(given),
        pack_stat_mg=given["pack"],
    )
    return _planned(given, actives=(active,), cap_assay_at_100=given["cap"] == "yes")


def worksheet_from_triturate(given: Given) -> Answer:
    """Return the worksheet of a batch of capsules from a triturate, worked out twice."""
    active = CapsuleTriturate(
        key="active",
        name=given["name"],
        strength_mg=given["dose"],
        triturate_pct=given["triturate"],
        error_pct=given["error"],
        pack_stat_mg=given["pack"],
    )
    return _planned(
        given, triturates=(active,), triturate_pct=given["mixing"], cap_assay_at_100=False
    )


def _planned(
    given: Given,
    *,
    actives: tuple[CapsuleActive, ...] = (),
    triturates: tuple[CapsuleTriturate, ...] = (),
    triturate_pct: Decimal | None = None,
    cap_assay_at_100: bool,
) -> Answer:
    inputs = CapsuleInputs(
        units_wanted=given["units"],
        overage_pct=given["overage"],
        actives=actives,
        triturates=triturates,
        excipients=tuple(
            CapsuleExcipient(
                key=f"other-{number}", name=name, mg_per_capsule=amount, pack_stat_mg=pack
            )
            for number, (name, amount, pack) in enumerate(given["others"] or (), 1)
        ),
        filler=_filler(given),
        shell=Shell(
            key="shell",
            name=_("Capsule size %(size)s") % {"size": given["size"]},
            size=given["size"],
            volume_ml=given["volume"],
            mean_shell_mg=given["shell"],
        ),
        cap_assay_at_100=cap_assay_at_100,
        minimum_weighable_mg=given["minimum"],
        weighing_tolerance_pct=given["tolerance"],
        weigh_to_mg=given["weigh_to"],
        bench=BenchTolerances(
            balance_mg=given["balance"], fill_pct=given["fill"], triturate_pct=triturate_pct
        ),
    )
    sheet = plan_capsule_worksheet(inputs)
    return sheets.sheet_answer(
        sheet,
        headline=_("Weigh %(what)s") % {"what": sheets.named(sheet, Role.ACTIVE)},
        under=_under(given, sheets.named(sheet, Role.FILLER)),
    )


def _filler(given: Given) -> Filler | None:
    if given["filler"] is None:
        return None
    return Filler(key="filler", name=given["filler"], pack_stat_mg=given["filler_pack"])


def _under(given: Given, filler: str) -> str:
    said = {
        "filler": filler,
        "units": num(given["units"]),
        "dose": wording.mass(given["dose"]),
    }
    if not filler:
        return _("for %(units)s capsules of %(dose)s") % said
    return _("and %(filler)s, for %(units)s capsules of %(dose)s") % said


_BATCH = {
    **sheets.BENCH_EXAMPLE,
    "overage": "3",
    "filler": "microcrystalline cellulose",
    "filler_pack": "150 mg",
    "size": "3",
    "volume": "0.30 mL",
    "shell": "48 mg",
    "fill": "4",
}
_DEFAULTS: dict[str, Source] = {
    **sheets.BENCH_DEFAULTS,
    "overage": Policy("default_overage_pct"),
    "fill": Policy("fill_weight.rsd_pct"),
    "volume": shells_to_hand,
}

FROM_POWDER = Calculator(
    key="capsule-worksheet",
    title=gettext_lazy("Worksheet of a batch of capsules"),
    purpose=gettext_lazy(
        "Powder, filler and shells of a batch, worked out twice, with the error of the dose."
    ),
    form=WorksheetForm,
    work_out=worksheet,
    example={
        **_BATCH,
        **CERTIFICATE_EXAMPLE,
        "name": "naltrexone hydrochloride",
        "dose": "1.5 mg",
        "units": "126",
        "pack": "200 mg",
    },
    defaults={**_DEFAULTS, "cap": CAP},
    blame={**sheets.BLAME, CapsuleOverfilled: "size"},
)

FROM_TRITURATE = Calculator(
    key="capsules-from-triturate-worksheet",
    title=gettext_lazy("Worksheet from a triturate"),
    purpose=gettext_lazy(
        "A batch of capsules whose active is too little to weigh and comes as a triturate."
    ),
    form=FromTriturateForm,
    work_out=worksheet_from_triturate,
    example={
        **_BATCH,
        "name": "naltrexone hydrochloride 10% triturate",
        "dose": "0.5 mg",
        "units": "30",
        "triturate": "10",
        "error": "3",
        "mixing": "1",
        "pack": "152 mg",
    },
    defaults=_DEFAULTS,
    blame={**sheets.BLAME, CapsuleOverfilled: "triturate"},
)
