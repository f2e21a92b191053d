"""What only one engine understands, found in the SQL of models, data tests and analyses, each with the form for all of them.

Engines differ in macros/portable alone. Reading finds spellings, not types: a division has to show that it is one of doubles.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

FOLDERS = ("models", "tests/data", "analyses")

#: A spelling, by regular expression, and the form that every engine understands.
SPELLINGS = {
    r"\bvarchar\b": "{{ dbt.type_string() }}",
    r"\bwith\s+recursive\b": "a fold of macros/portable/folds.sql",
    r"\bqualify\b": "row_number() in a subquery",
    r"\bdistinct\s+on\b": "row_number() in a subquery",
    r"\basof\b": "lead() to intervals and a join on the range",
    r"\*\s*(?:exclude|replace)\s*\(": "the columns by name",
    r"::": "cast(x as type)",
    r"\bat\s+time\s+zone\b": "local_to_utc() or utc_to_local()",
    r"\binterval\s+'?\d+'?\s+\w+\s*(?=[+)-])": "add_days(), add_minutes() or add_days_to_moment()",
    r"\bunpivot\b|\bpivot\b": "a select a column, put together with union all",
    r"\blambda\b|->": "a macro of macros/portable with a form an engine",
}
EVEN_IN_TEXTS = (r"\bvarchar\b", r"\bwith\s+recursive\b")
#: Functions that one engine alone has, or that mean something else on another.
FUNCTIONS = {
    r"(?:string_agg|group_concat|listagg)": "joined_texts()",
    r"(?:list|array)_\w+": "a macro of macros/portable with a form an engine",
    r"(?:unnest|generate_series|explode)": "items_of(), words_of(), characters_of() or series_of_days()",
    r"(?:string_split|str_split|split)": "items_of() or words_of()",
    r"(?:regexp_\w+|rlike)": "replace_pattern() or has_non_ascii()",
    r"(?:json_extract\w*|json_valid|get_json_object|from_json|to_json|json_group_\w+)": "json_text(), json_path() or json_object()",
    r"strip_accents": "the macro strip_accents()",
    r"(?:strftime|date_format)": "iso_timestamp()",
    r"strptime": "try_cast(x as timestamp)",
    r"(?:date_diff|date_sub|datesub|age)": "days_between(), microseconds_between() or dbt.datediff()",
    r"(?:date_add|to_days|to_minutes|to_hours|to_months|to_years)": "add_days(), add_minutes() or add_days_to_moment()",
    r"(?:epoch\w*|unix_micros)": "microseconds_between()",
    r"(?:dayofweek|isodow|weekday)": "day_of_week()",
    r"(?:timezone|convert_timezone|pg_timezone_names)": "local_to_utc(), utc_to_local() or known_time_zones()",
    r"(?:hash|xxhash64)": "hash_key()",
    r"(?:arg_max|arg_min)": "max_by() or min_by()",
    r"(?:strpos|position|charindex)": "instr()",
    r"(?:printf|format|format_number)": "with_commas() or readable_number()",
    r"(?:struct_pack|row|struct)": "columns",
    r"(?:isfinite|isinf)": "nullif() on the denominator",
    r"log": "ln(): log is to the base ten here and e there",
    r"(?:read_\w+|glob)": "source()",
}
DIVISION = re.compile(r"(?<![/*<])/(?![/*>])")
DOUBLE = re.compile(r"as double\)|\d\.\d+e0\b")
DIVIDED = "share(x, n), or x * 1.0e0 / n: a decimal divided by a decimal is one thing here and another there"


def faults(root: Path) -> list[str]:
    """A sentence for each place, with its file and line."""
    files = [file for folder in FOLDERS for file in sorted((root / folder).rglob("*.sql"))]
    return [
        f"{file.relative_to(root)}:{line}: {found.strip()!r} is not portable: expected {form}"
        for file in files
        for line, found, form in in_text(file.read_text())
    ]


def in_text(text: str) -> Iterator[tuple[int, str, str]]:
    """The line, the spelling and the portable form of each fault in one file."""
    plain = _without(r"\{#.*?#\}|--[^\n]*", text)
    for pattern, form in SPELLINGS.items():
        # A type and a keyword may stand in a text that Jinja puts together.
        for match in re.finditer(pattern, plain if pattern in EVEN_IN_TEXTS else _without_strings(plain), re.I):
            yield _line(plain, match.start()), match[0], form
    # A function of the project, of dbt or of Jinja may bear the same name: within Jinja nothing is looked for.
    sql = _without(r"\{\{.*?\}\}|\{%.*?%\}", plain)
    for pattern, form in FUNCTIONS.items():
        for match in re.finditer(rf"(?<![\w.]){pattern}\s*\(", _without_strings(sql), re.I):
            yield _line(plain, match.start()), match[0], form
    lines = _without_strings(plain if "{{" not in plain else _without(r"\{\{.*?\}\}|\{%.*?%\}", plain)).split("\n")
    for number, line in enumerate(lines):
        around = " ".join(lines[max(number - 1, 0) : number + 2])
        if DIVISION.search(line) and not DOUBLE.search(around):
            yield number + 1, line, DIVIDED


def _without(pattern: str, text: str) -> str:
    """The text with what matches blanked out, its lines kept."""
    return re.sub(pattern, lambda match: re.sub(r"[^\n]", " ", match[0]), text, flags=re.S)


def _without_strings(text: str) -> str:
    return _without(r"'[^'\n]*'", text)


def _line(text: str, place: int) -> int:
    return text.count("\n", 0, place) + 1
