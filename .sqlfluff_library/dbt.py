"""What sqlfluff renders for dbt's own macros: text that parses, not text that runs."""


def concat(parts):
    return "concat(" + ", ".join(parts) + ")"


def listagg(measure, delimiter="','", order="", limit=None):
    return f"string_agg({measure}, {delimiter} {order})"


def string_literal(value):
    return f"'{value}'"


def escape_single_quotes(expression):
    return expression.replace("'", "''")


def safe_cast(field, type):
    return f"try_cast({field} as {type})"


def type_string():
    return "varchar"


def hash(field):
    return f"md5({field})"


def dateadd(datepart, interval, from_date_or_timestamp):
    return f"({from_date_or_timestamp} + interval '1' {datepart} * ({interval}))"


def datediff(first_date, second_date, datepart):
    return f"date_diff('{datepart}', {first_date}, {second_date})"


def date_trunc(datepart, date):
    return f"date_trunc('{datepart}', {date})"


def last_day(date, datepart):
    return f"last_day({date})"
