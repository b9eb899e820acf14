"""Equipment that stood in one text becomes a list, quality control in one text a row."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps


def into_rows(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Copy the two texts of every version."""
    formulas = apps.get_model("formulations", "MasterFormulationRecord")
    checks = apps.get_model("formulations", "FormulaCheck")
    for formula in formulas.objects.all():
        pieces = (piece.strip(" .") for piece in formula.equipment.split(";"))
        formulas.objects.filter(pk=formula.pk).update(
            equipment_list=[piece for piece in pieces if piece]
        )
        if formula.quality_control:
            checks.objects.create(
                formula=formula,
                position=1,
                kind="other",
                procedure=formula.quality_control,
                expected="As the procedure says.",
            )


class Migration(migrations.Migration):
    dependencies = [("formulations", "0005_eleven_items")]

    operations = [migrations.RunPython(into_rows, migrations.RunPython.noop)]
