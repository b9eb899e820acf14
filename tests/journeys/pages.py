"""What the journeys do on the pages, as people do it: by label, by name, by what is written on a button."""

from playwright.sync_api import Page

ANSWERS = {
    "opioid_now": "no",
    "opioid_last_date": "never",
    "opioid_like_supplement": "no",
    "oud_treatment": "no",
    "oud_history": "no",
    "opioid_withdrawal_symptoms": "no",
    "opioid_urine": "not_done",
    "drug_testing": "no",
    "medicines_complete": "none",
    "supplements_complete": "none",
    "thyroid_med": "no",
    "immunosuppressant": "no",
    "allergy": "none",
    "species": "me",
    "sex_at_birth": "female",
    "liver": "none",
    "lft_raised": "no",
    "kidney": "none",
    "transplant": "no",
    "cancer": "none",
    "pregnant": "no",
    "trying": "no",
    "breastfeeding": "no",
    "surgery_planned": "no",
    "alcohol": "light",
    "mood_severe": "no",
    "ldn_before": "no",
    "ack_offlabel": "yes",
    "ack_opioid": "yes",
    "ack_contact": "yes",
    "signed_by": "me",
}


def choose(page: Page, name: str, value: str) -> None:
    """Tap the card of an answer."""
    card = page.locator(f'input[name="{name}"][value="{value}"]')
    page.locator(f'label[for="{card.get_attribute("id")}"]').click()


def fill_order(page: Page) -> None:
    """Fill in the prescriber's form, all but the plan."""
    fill_prescriber(page)
    fill_medicine(page)


def fill_prescriber(page: Page) -> None:
    """Say who prescribes; somebody who is signed in is not asked."""
    for label, typed in (
        ("Prescriber's full name", "Lin Chen"),
        ("Credential", "MD"),
        ("NPI", "1234567893"),
        ("Practice", "Casco Bay Rheumatology"),
    ):
        page.get_by_label(label, exact=True).fill(typed)
    page.fill('[name="practice_phone"]', "207 555 0142")
    page.fill('[name="prescriber_email"]', "lchen@cascobay.example")


def fill_medicine(page: Page) -> None:
    """Say for whom, what and why."""
    for name, typed in (
        ("patient_name", "Elena Ruiz"),
        ("date_of_birth_day", "14"),
        ("date_of_birth_year", "1971"),
        ("patient_email", "elena@home.example"),
        ("patient_phone", "207 555 0177"),
        ("street", "14 Mill Lane"),
        ("city", "Portland"),
        ("zip_code", "04101"),
        ("allergies", "none known"),
    ):
        page.fill(f'[name="{name}"]', typed)
    page.get_by_label("Month").select_option(label="March")
    page.get_by_label("State", exact=True).select_option(label="Maine")
    page.select_option('[name="product"]', "ldn-capsules|1.5")
    page.select_option('[name="condition_code"]', "fibromyalgia")
    choose(page, "reason", "strength")
    page.locator('label[for="id_says_opioid_free"]').click()


def give_date_of_birth(page: Page, *, year: str = "1971") -> None:
    """Open a mailed link as Elena Ruiz."""
    page.get_by_label("Month").select_option(label="March")
    page.get_by_label("Day", exact=True).fill("14")
    page.get_by_label("Year").fill(year)
    page.get_by_role("button", name="Continue").click()


def answer_page(page: Page, **differently: str) -> None:
    """Answer everything that is asked on this page, and continue."""
    asked = page.locator("input.choice__input").evaluate_all("all => all.map(one => one.name)")
    for name in dict.fromkeys(asked):
        choose(page, name, {**ANSWERS, **differently}[name])
    with page.expect_navigation():
        page.locator("main button.btn-primary").click()
