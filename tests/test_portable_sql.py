"""What only one engine understands is found, and the form that every engine understands is named."""

from __future__ import annotations

import pytest
from support.portable import faults, in_text
from support.project import ROOT


@pytest.mark.parametrize(
    ("sql", "form"),
    [
        ("select cast(a as varchar) as b", "dbt.type_string()"),
        ("select {{ json_object([('a', 'cast(b as varchar)')]) }} as c", "dbt.type_string()"),
        ("with recursive walked as (select 1)", "folds.sql"),
        ("select a from b qualify row_number() over (order by a) = 1", "row_number() in a subquery"),
        ("select distinct on (a) a, b from c", "row_number() in a subquery"),
        ("select * exclude (a) from b", "the columns by name"),
        ("select a::date as b", "cast(x as type)"),
        ("select string_agg(a, ',') as b", "joined_texts()"),
        ("select unnest(a) as b", "items_of()"),
        ("select regexp_replace(a, 'b', '') as c", "replace_pattern()"),
        ("select json_extract_string(a, '$.b') as c", "json_text()"),
        ("select date_diff('day', a, b) as c", "days_between()"),
        ("select timezone(a, b) as c", "local_to_utc()"),
        ("select strftime(a, '%Y') as c", "iso_timestamp()"),
        ("select log(a) as b", "ln()"),
        ("select a / b as c", "share(x, n)"),
        ("select sum(a) / nullif(sum(b), 0) as c", "share(x, n)"),
    ],
)
def test_a_spelling_of_one_engine_is_found(sql, form):
    told = [portable for _, _, portable in in_text(sql)]
    assert len(told) == 1
    assert form in told[0]


@pytest.mark.parametrize(
    "sql",
    [
        "-- varchar, a / b and unnest(x)\nselect 1 as a",
        "{# a / b #}select '/' as a, 'unnest(' as b",
        "select {{ share('a', 'b') }} as c, {{ strip_accents('d') }} as e",
        "select cast(a as double) / b as c, d * 1.0e0 / e as f",
        "{% for digit in range(10) %} select {{ digit }} {% endfor %}",
        "{%- set started = run_started_at.strftime('%Y') %}select 1 as a",
    ],
)
def test_what_every_engine_understands_is_let_be(sql):
    assert list(in_text(sql)) == []


def test_the_project_is_portable():
    assert faults(ROOT) == []
