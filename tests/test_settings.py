"""A company's own numbers: merged with the defaults key by key, and told in one sentence where they are not what is expected."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
import yaml
from dbt.clients.jinja import MacroGenerator
from dbt_common.exceptions import CompilationError
from support.rendering import ROOT, SETTINGS, context_of


def macros(**variables):
    """The macros of settings as dbt calls them, for an installation with these vars."""
    context = context_of(SETTINGS, **variables)
    context["day_of_week"] = lambda day: f"dayofweek({day})"
    return SimpleNamespace(**{name: context[name] for name in context if isinstance(context[name], MacroGenerator)})


def test_the_project_file_shows_the_defaults():
    shown = yaml.safe_load((ROOT / "dbt_project.yml").read_text(encoding="utf-8"))["vars"]
    empty = macros()
    for variable, keys in empty.settings_known().items():
        values = empty.settings_of(variable)
        assert shown[variable] == (values[None] if None in keys else values), variable


def test_a_key_that_is_set_leaves_the_others():
    company = macros(stage={"tenure_days": 30}, currency={"code": "eur", "symbol": "€"}, burst_minutes=5)
    assert company.setting("stage", "tenure_days") == 30
    assert company.setting("stage", "decline_days") == 90
    assert company.setting("currency", "symbol") == "€"
    assert company.setting("burst_minutes") == 5
    assert company.setting("recently_expanded_days") == 14


def test_a_company_names_persons_of_its_own():
    company = macros(person_fields={"solutions_engineer": "solutions_engineer_c"})
    assert list(company.settings_of("person_fields")) == ["owner", "success_manager", "solutions_engineer"]


@pytest.mark.parametrize(
    ("variable", "given", "told"),
    [
        (
            "stage",
            {"tenure_day": 30},
            "vars: stage: tenure_day is not known: expected one of tenure_days, decline_days, health_bands, onboarding.",
        ),
        (
            "stage",
            {"tenure_days": "30"},
            "vars: stage: tenure_days is 30: expected a whole number from 0 on, such as 60.",
        ),
        (
            "stage",
            {"health_bands": ["good", "great"]},
            "vars: stage: health_bands is ['good', 'great']: expected a list of some of excellent, good, at_risk, unknown,"
            " such as ['excellent', 'good'].",
        ),
        (
            "contact_limits",
            {"max_messages_30d": 0},
            "vars: contact_limits: max_messages_30d is 0: expected a whole number from 1 on, such as 4.",
        ),
        (
            # What expires when it falls due is never sent.
            "delivery",
            {"expires_days": 0},
            "vars: delivery: expires_days is 0: expected a whole number from 1 on, such as 7.",
        ),
        (
            "stage",
            60,
            "vars: stage is 60: expected a set of keys, some of tenure_days, decline_days, health_bands, onboarding.",
        ),
        (
            "tenure_bands",
            [180, 60],
            "vars: tenure_bands is [180, 60]: expected a list of rising whole numbers, such as [60, 180, 365].",
        ),
        (
            "business_hours",
            # YAML reads 9:00 without quotation marks as a number of minutes.
            {"next_business_day": 540},
            "vars: business_hours: next_business_day is 540: expected a time of the day between quotation marks, such as"
            " 09:00.",
        ),
        (
            "business_days",
            "monday",
            "vars: business_days is monday: expected a list of some of sunday, monday, tuesday, wednesday, thursday, friday,"
            " saturday, such as ['monday', 'tuesday', 'wednesday', 'thursday', 'friday'].",
        ),
        (
            "account_family",
            "parent",
            "vars: account_family is parent: expected one of account, ultimate_parent, such as account.",
        ),
        (
            "person_fields",
            {"solutions_engineer": "se; drop"},
            "vars: person_fields: solutions_engineer is se; drop: expected a name of letters, digits and underscores, such as"
            " owner_id.",
        ),
        (
            "person_fields",
            {"solutions engineer": "se_c"},
            "vars: person_fields: solutions engineer is not known: expected one of owner, success_manager.",
        ),
    ],
    ids=["key", "number", "list", "limit", "expiry", "keys", "rising", "time", "days", "family", "field", "person"],
)
def test_what_is_not_expected_is_told_in_one_sentence(variable, given, told):
    with pytest.raises(CompilationError) as error:
        macros(**{variable: given}).settings_of(variable)
    assert error.value.msg == told


def test_an_empty_send_window_is_told_in_one_sentence():
    with pytest.raises(CompilationError) as error:
        macros(send_window={"opens": "18:00"}).window_minutes("closes")
    assert error.value.msg == (
        "vars: send_window is empty: opens at 18:00 and closes at 18:00: expected a time to open before the time to close."
    )
    assert macros(send_window={"opens": "07:30"}).window_minutes("opens") == 450


def test_bands_of_tenure_and_the_working_week_follow_the_company():
    company = macros(tenure_bands=[30, 90], business_days=["sunday", "monday", "thursday"], business_hours={})
    assert " ".join(company.tenure_band("d").split()) == "case when d >= 90 then 90 when d >= 30 then 30 else 0 end"
    assert company.is_working_day("on").strip() == "(dayofweek(on) in (0, 1, 4))"
    assert company.opening_minutes("next_business_day_10am") == 600
