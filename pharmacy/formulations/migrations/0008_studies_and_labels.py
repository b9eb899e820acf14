"""The study that a beyond-use date rests on, frozen with its formula; labels as something kept in stock.

SQLite builds a table anew for a constraint, and the triggers of the old one go with it: they are taken off and put on.
"""

from django.conf import settings
from django.db import migrations, models

from pharmacy.audit.triggers import frozen_columns, frozen_with

_FROZEN = (
    "code",
    "version",
    "name",
    "dosage_form",
    "route",
    "strength_substance_id",
    "strength_unit",
    "strength_min",
    "strength_max",
    "strength_step",
    "strengths_offered",
    "overage_pct",
    "package_ml",
    "fill_ml",
    "container_closure",
    "physical_description",
    "expected_traits",
    "bud_class",
    "bud_days_shorter",
    "bud_basis",
    "bud_reference",
    "water_activity_basis",
    "storage_condition",
    "storage",
    "label_instructions",
    "calculations",
    "equipment",
    "makes_id",
    "notes",
    "change_reason",
    "author_id",
    "created_at",
    "approved_by_id",
    "approved_at",
)
_OF_THE_STUDY = (
    "bud_study_days",
    "bud_study_reference",
    "bud_study_container",
    "bud_study_storage",
    "bud_study_same",
    "bud_study_indicating",
    "bud_study_antimicrobial",
)
_FORMULA, _WHEN = "formulations_masterformulationrecord", "OLD.state <> 'draft'"
_BEFORE = frozen_columns(_FORMULA, _FROZEN, when=_WHEN)
_AFTER = frozen_columns(_FORMULA, (*_FROZEN, *_OF_THE_STUDY), when=_WHEN)
_PARTS = tuple(
    frozen_with(
        f"formulations_formula{part}", parent=_FORMULA, key="formula_id", when="state <> 'draft'"
    )
    for part in ("line", "step", "check")
)


class Migration(migrations.Migration):
    dependencies = [
        ("formulations", "0001_squashed_0007"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        _BEFORE.off(),
        *(each.off() for each in _PARTS),
        migrations.AddField(
            model_name="ingredient",
            name="label_stock",
            field=models.CharField(
                blank=True,
                help_text="Which labels these are, by the key of their format: roll-4x2, sheet-4x3.",
                max_length=20,
                verbose_name="labels",
            ),
        ),
        migrations.AddField(
            model_name="masterformulationrecord",
            name="bud_study_antimicrobial",
            field=models.BooleanField(
                default=False,
                help_text="Needed before a study extends the limit of an aqueous preparation.",
                verbose_name="antimicrobial effectiveness (<51>) is documented",
            ),
        ),
        migrations.AddField(
            model_name="masterformulationrecord",
            name="bud_study_container",
            field=models.CharField(
                blank=True, max_length=200, verbose_name="container that was studied"
            ),
        ),
        migrations.AddField(
            model_name="masterformulationrecord",
            name="bud_study_days",
            field=models.PositiveIntegerField(
                blank=True, null=True, verbose_name="days that the study or monograph supports"
            ),
        ),
        migrations.AddField(
            model_name="masterformulationrecord",
            name="bud_study_indicating",
            field=models.BooleanField(
                default=False, verbose_name="the method was stability-indicating"
            ),
        ),
        migrations.AddField(
            model_name="masterformulationrecord",
            name="bud_study_reference",
            field=models.CharField(
                blank=True,
                help_text="As it is named beside the date: authors, journal, year.",
                max_length=200,
                verbose_name="study or monograph",
            ),
        ),
        migrations.AddField(
            model_name="masterformulationrecord",
            name="bud_study_same",
            field=models.BooleanField(
                default=False, verbose_name="this formulation in this container was studied"
            ),
        ),
        migrations.AddField(
            model_name="masterformulationrecord",
            name="bud_study_storage",
            field=models.CharField(
                blank=True,
                choices=[
                    ("room", "controlled room temperature"),
                    ("refrigerator", "refrigerator"),
                    ("freezer", "freezer"),
                ],
                max_length=20,
                verbose_name="storage that was studied",
            ),
        ),
        migrations.AlterField(
            model_name="ingredient",
            name="kind",
            field=models.CharField(
                choices=[
                    ("powder", "powder"),
                    ("liquid", "liquid"),
                    ("shell", "capsule shell"),
                    ("container", "container"),
                    ("label", "label"),
                ],
                max_length=20,
                verbose_name="kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="ingredient",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("kind", "label"),
                        ("unit", "each"),
                        models.Q(("label_stock", ""), _negated=True),
                    ),
                    models.Q(models.Q(("kind", "label"), _negated=True), ("label_stock", "")),
                    _connector="OR",
                ),
                name="formulations_labels_say_which",
            ),
        ),
        migrations.AddConstraint(
            model_name="masterformulationrecord",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("bud_study_days__isnull", True),
                    models.Q(
                        ("bud_study_days__gt", 0),
                        models.Q(("bud_basis", "class_limit"), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="formulations_study_days_of_a_study",
            ),
        ),
        _AFTER,
        *_PARTS,
    ]
