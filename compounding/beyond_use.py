"""The beyond-use date: the earliest of several dates, and the reason it won.

USP <795> (official 1 November 2023), section 10: a preparation may be used up to the limit of its
class or a justified extension, and never past the expiry of a component or the beyond-use date of a
compounded component. Whether the day of compounding counts as day 1 is the pharmacy's setting.
The day counts themselves are policy and are handed in.
"""

from __future__ import annotations

import calendar
import datetime
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from compounding import given, wording
from compounding.errors import Refusal

_MOST_DAYS = 3660
_EXPIRY = re.compile(r"([0-9]{4})-([0-9]{2})(?:-([0-9]{2}))?")


class ComponentExpired(Refusal):
    """A component had passed its date on the day of preparation."""


class NoLimit(Refusal):
    """No limit of days was given, so there is no date."""


class NotADate(Refusal):
    """A date that no calendar has."""


class NotYetReceived(Refusal):
    """A component came in after the day of preparation."""


class DayCount(StrEnum):
    """Whether the day of compounding is day 1 (the shorter, and the default) or day 0."""

    DAY1 = "day1"
    DAY0 = "day0"


@dataclass(frozen=True, kw_only=True, slots=True)
class BudLimit:
    """So many days from preparation, and why; extendable if a stability study may replace it."""

    key: str
    days: int
    reason: str
    storage: str = ""
    extendable: bool = False

    def __post_init__(self) -> None:
        if given.count(self.days, f"The days of {self.reason}") > _MOST_DAYS:
            raise given.OutOfRange(
                f"{wording.days(self.days)} is longer than any preparation keeps."
            )


class ExpirySource(StrEnum):
    """Where a component's date comes from."""

    VENDOR = "component_expiry"
    RECEIPT = "component_no_vendor_expiry"
    COMPOUNDED = "compounded_component_bud"


@dataclass(frozen=True, kw_only=True, slots=True)
class ComponentDate:
    """The last day on which a component may be used, and the day it came in, if that is known."""

    name: str
    last_day: datetime.date
    source: ExpirySource = ExpirySource.VENDOR
    received_on: datetime.date | None = None

    @property
    def key(self) -> str:
        """The key under which this date competes."""
        return f"{self.source.value}:{self.name}"

    @property
    def reason(self) -> str:
        """Why this date limits the preparation."""
        because = {
            ExpirySource.VENDOR: "expires on that day",
            ExpirySource.RECEIPT: "has no maker's expiry and counts from its receipt",
            ExpirySource.COMPOUNDED: "was compounded, and that is its beyond-use date",
        }
        return f"{self.name} {because[self.source]}"


@dataclass(frozen=True, kw_only=True, slots=True)
class StabilityStudy:
    """A study that may extend an extendable limit, and what is documented about it."""

    days: int
    reference: str
    stability_indicating: bool
    same_formulation_and_container: bool
    antimicrobial_effectiveness: bool = False
    storage: str = ""

    def __post_init__(self) -> None:
        if given.count(self.days, "The days of the stability study") > _MOST_DAYS:
            raise given.OutOfRange(f"No study of {wording.days(self.days)} has been made.")

    def shortfall(self, *, aqueous: bool) -> str | None:
        """Return what the study lacks to extend a limit, or None."""
        if not self.stability_indicating:
            return "the method is not stability-indicating"
        if not self.same_formulation_and_container:
            return "another formulation or container was studied"
        if aqueous and not self.antimicrobial_effectiveness:
            return "no <51> evidence"
        return None


@dataclass(frozen=True, kw_only=True, slots=True)
class Extension:
    """A study, whether the preparation is aqueous, and the longest extension allowed (180 days)."""

    study: StabilityStudy
    aqueous: bool
    ceiling: BudLimit


@dataclass(frozen=True, slots=True)
class DatedLimit:
    """One of the dates that compete."""

    key: str
    reason: str
    date: datetime.date
    storage: str = ""

    @property
    def counted(self) -> bool:
        """Whether the date was counted in days; a component's is its own."""
        return ":" not in self.key


@dataclass(frozen=True, kw_only=True, slots=True)
class BeyondUse:
    """The beyond-use date, the limit that set it, and every limit it was chosen from, earliest first."""

    date: datetime.date
    limit_key: str
    reason: str
    storage: str
    competing: tuple[DatedLimit, ...]


def beyond_use_date(
    *,
    prepared_on: datetime.date,
    limits: Sequence[BudLimit],
    component_expiries: Sequence[ComponentDate] = (),
    compounded_component_buds: Sequence[ComponentDate] = (),
    day_count: DayCount = DayCount.DAY1,
    extension: Extension | None = None,
) -> BeyondUse:
    """Return the earliest of all limits with its reason.

    Raises `NoLimit` without a limit of days, `ComponentExpired` if a component's last day lies
    before the day of preparation, `NotYetReceived` if it came in after it. Two limits on one day: a limit
    of days is named before a component.
    """
    if not limits:
        raise NoLimit("A beyond-use date needs at least one limit of days.")
    components = (*component_expiries, *compounded_component_buds)
    for component in components:
        _check_in_date(component, prepared_on)
    dated = [_dated(limit, prepared_on, day_count) for limit in _applied(limits, extension)]
    dated += [DatedLimit(part.key, part.reason, part.last_day) for part in components]
    competing = tuple(sorted(dated, key=lambda limit: limit.date))
    first = competing[0]
    return BeyondUse(
        date=first.date,
        limit_key=first.key,
        reason=first.reason,
        storage=first.storage or next((limit.storage for limit in competing if limit.storage), ""),
        competing=competing,
    )


def _check_in_date(component: ComponentDate, prepared_on: datetime.date) -> None:
    if component.last_day < prepared_on:
        raise ComponentExpired(
            f"{component.name} could be used until {wording.full_day(component.last_day)}, "
            f"before the preparation on {wording.full_day(prepared_on)}."
        )
    if component.received_on is not None and prepared_on < component.received_on:
        raise NotYetReceived(
            f"{component.name} was received on {wording.full_day(component.received_on)}, "
            f"after the preparation on {wording.full_day(prepared_on)}."
        )


def _dated(limit: BudLimit, prepared_on: datetime.date, day_count: DayCount) -> DatedLimit:
    further = limit.days - (1 if day_count is DayCount.DAY1 else 0)
    return DatedLimit(limit.key, limit.reason, days_after(prepared_on, further), limit.storage)


def _applied(limits: Sequence[BudLimit], extension: Extension | None) -> list[BudLimit]:
    if extension is None:
        return list(limits)
    return [_extended(limit, extension) if limit.extendable else limit for limit in limits]


def _extended(limit: BudLimit, extension: Extension) -> BudLimit:
    study = extension.study
    shortfall = study.shortfall(aqueous=extension.aqueous)
    if study.days >= limit.days and shortfall is not None:
        return _renamed(limit, f" ({shortfall})")
    if study.days >= extension.ceiling.days:
        return replace(extension.ceiling, storage=study.storage or extension.ceiling.storage)
    kept = f" ({study.storage})" if study.storage else ""
    return BudLimit(
        key=f"stability_study_{study.days}d{kept}",
        days=study.days,
        reason=f"{study.reference} supports {wording.days(study.days)}{kept}",
        storage=study.storage,
    )


def _renamed(limit: BudLimit, remark: str) -> BudLimit:
    return replace(limit, key=limit.key + remark, reason=limit.reason + remark)


def days_after(day: datetime.date, days: int) -> datetime.date:
    """Return the date so many days later. Raises `NotADate` past the last date of the calendar."""
    try:
        return day + datetime.timedelta(days=days)
    except OverflowError:
        raise NotADate(
            f"{wording.days(days)} after {wording.full_day(day)} is a day that no calendar has."
        ) from None


def parse_expiry(text: str) -> datetime.date:
    """Return the last day of use for "2027-03-31" or "2026-11"; a month alone means its last day.

    Source: USP General Notices. Raises `NotADate`.
    """
    written = _EXPIRY.fullmatch(text.strip())
    if written is None:
        raise NotADate(f"“{text}” is not a date such as 2027-03-31 or 2027-03.")
    year, month, day_of_month = written.groups()
    try:
        last = calendar.monthrange(int(year), int(month))[1]
        return datetime.date(int(year), int(month), int(day_of_month or last))
    except ValueError:
        raise NotADate(f"{text} is a day that no calendar has.") from None


def expiry_from_receipt(received_on: datetime.date, *, years: int) -> datetime.date:
    """Return the last day of use of a component that carries no maker's expiry.

    29 February goes to 28 February in a year that has no 29th. Raises `NotADate` past the year 9999.
    """
    year = received_on.year + given.count(years, "The years from receipt")
    if year > datetime.MAXYEAR:
        raise NotADate(f"The year {wording.number(year)} is in no calendar.")
    day_of_month = min(received_on.day, calendar.monthrange(year, received_on.month)[1])
    return datetime.date(year, received_on.month, day_of_month)


def fills_needed(*, days_of_therapy: int, bud_days: int) -> int:
    """Return how often the preparation must be made anew to cover the therapy."""
    given.count(days_of_therapy, "The days of therapy")
    return -(-days_of_therapy // given.count(bud_days, "The beyond-use days"))
