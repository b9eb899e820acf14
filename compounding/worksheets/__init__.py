"""How a worksheet is planned, line by line. Callers import from `compounding.worksheet`.

`inputs` what a batch is worked out from · `capsule_plan`, `drops_plan` the first calculator ·
`agreement` its comparison with the second · `lines` rounding to the bench · `*_working` the arithmetic
in words · `*_findings` what is doubtful · `record` the worksheet itself, `record_json` to JSON and back
"""
