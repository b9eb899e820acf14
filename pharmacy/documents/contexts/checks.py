"""The quality checks of a batch as they stand on its record: readings, verdict, who looked and when."""

from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from pharmacy.batches.models import CheckKind, QualityCheck
from pharmacy.batches.queries import CLOSURE_TRAITS
from pharmacy.documents.contexts.parts import Context, local_moment


def checks_context(checks: list[QualityCheck]) -> list[Context]:
    """Return every check in the order it was done, repeats too."""
    return [_check(check) for check in checks]


def _check(check: QualityCheck) -> Context:
    shown = _SHOWN[CheckKind(check.kind)]
    note = check.readings.get("note", "")
    return {
        "heading": capfirst(check.get_kind_display()),
        "verdict": _("passed") if check.passed else _("failed"),
        "passed": check.passed,
        "by": _("%(name)s, %(moment)s")
        % {"name": check.by.signed_name, "moment": local_moment(check.at)},
        "note": _("Found out: %(note)s") % {"note": note} if note else "",
        **shown(check),
    }


def _fill_weights(check: QualityCheck) -> Context:
    verdict = check.verdict
    return {
        "columns": [_("Capsule"), _("Gross, mg"), _("Net, mg"), _("Of theoretical"), _("Within")],
        "rows": [
            [
                unit["number"],
                unit["gross_mg"],
                unit["net_mg"],
                f"{unit['pct']}%",
                _yes(unit["within"]),
            ]
            for unit in verdict["units"]
        ],
        "said": [
            _("Mean %(mg)s mg, %(pct)s%% of theoretical: %(verdict)s.")
            % {
                "mg": verdict["mean_net_mg"],
                "pct": verdict["mean_pct"],
                "verdict": _kept(verdict["mean_ok"]),
            },
            _("Standard deviation %(mg)s mg, relative %(pct)s%%: %(verdict)s.")
            % {
                "mg": verdict["sd_mg"],
                "pct": verdict["rsd_pct"],
                "verdict": _kept(verdict["rsd_ok"]),
            },
        ],
    }


def _volumes(check: QualityCheck) -> Context:
    return {
        "columns": [_("Bottle"), _("Volume, mL")],
        "rows": [
            [str(number), volume] for number, volume in enumerate(check.readings["bottle_ml"], 1)
        ],
        "said": [
            _("The least is %(least)s mL; the label says %(label)s mL.")
            % {"least": check.verdict["least_ml"], "label": check.verdict["label_ml"]}
        ],
    }


def _traits(check: QualityCheck) -> Context:
    traits: dict[str, Any] = check.readings["traits"]
    return {
        "columns": [_("Trait"), _("Seen")],
        "rows": [
            [str(CLOSURE_TRAITS.get(trait, trait)), _yes(seen)] for trait, seen in traits.items()
        ],
        "said": [],
    }


def _ph(check: QualityCheck) -> Context:
    return {
        "columns": [_("pH"), _("Lowest"), _("Highest")],
        "rows": [[check.readings["ph"], check.verdict["low"], check.verdict["high"]]],
        "said": [],
    }


def _yes(answer: bool) -> str:
    return _("yes") if answer else _("no")


def _kept(answer: bool) -> str:
    return _("within its limit") if answer else _("outside its limit")


_SHOWN = {
    CheckKind.FILL_WEIGHT: _fill_weights,
    CheckKind.VOLUME: _volumes,
    CheckKind.APPEARANCE: _traits,
    CheckKind.CLOSURE: _traits,
    CheckKind.PH: _ph,
}
