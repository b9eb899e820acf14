"""A worksheet's numbers in words, through `compounding.wording` like every number of the house."""

from decimal import Decimal

from django import template

from compounding import wording

register = template.Library()

register.filter("as_number", wording.grouped)
register.filter("as_mass", wording.mass)
register.filter("as_volume", wording.millilitres)


@register.filter
def as_difference(value: Decimal) -> str:
    """Return a difference in percent with its sign."""
    return wording.signed_percent(value)
