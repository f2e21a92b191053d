"""Seeded mutations of a landing, by kind: what is done to which table, and what must come of it.

A mutation says which difference of the marts would be right. `nothing`: what landed says the same in other words. `rows`: the
damaged rows are as if they had never landed. `text`: only the damaged text differs, and it differs by just that text. Else marts
may differ, but not in silence.
"""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb

NOTHING, ROWS, TEXT, TOLD = "nothing", "rows", "text", "told"


@dataclass(frozen=True)
class Mutation:
    """One way to spoil a landing."""

    kind: str
    table: str
    what: str
    right: str
    spoil: Callable[[Path], None]
    #: Of `rows`: the same landing without the damaged rows; of `text`: with plain words in the damaged one's place.
    leave_out: Callable[[Path], None] | None = None

    @property
    def name(self) -> str:
        return f"{self.kind}: {self.table}: {self.what}"


@dataclass(frozen=True)
class Table:
    """A landed table with its contract: column -> (type, required, never null)."""

    name: str
    columns: dict[str, tuple[str, bool, bool]]
    required: bool
    rows: int

    def typed(self, *kinds: str) -> list[str]:
        return [column for column, (kind, _, _) in self.columns.items() if kind in kinds]

    @property
    def key(self) -> str:
        return next(iter(self.columns))

    @property
    def few(self) -> int:
        """So many rows may be bad."""
        return self.rows // 100


def rewritten(
    folder: Path, table: str, select: str, writer: str = "format parquet", name: str = "part.parquet"
) -> Path:
    """Puts a query on a landed table (named `landed`, rows numbered by `n`) in its place, as one file."""
    place = folder / table
    with duckdb.connect() as connection:
        connection.execute("set threads = 1")
        connection.execute(
            "create table landed as select *, row_number() over () as n"
            f" from read_parquet('{place}/*.parquet', union_by_name = true)"
        )
        shutil.rmtree(place)
        place.mkdir()
        connection.execute(f"copy ({select}) to '{place / name}' ({writer})")
    return place / name


def sql(table: str, select: str, *writer: str) -> Callable[[Path], None]:
    return lambda folder: rewritten(folder, table, select, *writer) and None


def replaced(table: str, **columns: str) -> Callable[[Path], None]:
    parts = ", ".join(f'{value} as "{column}"' for column, value in columns.items())
    return sql(table, f"select * exclude (n) replace ({parts}) from landed")


def mutations(tables: dict[str, Table], seed: int = 0) -> list[Mutation]:
    """All of them, the same ones for a seed."""
    found: dict[str, Mutation] = {}
    for kind, (_, count) in KINDS.items():
        drawn = [mutation for table in tables.values() for mutation in of_table(kind, table, seed)]
        drawn.sort(key=lambda mutation: random.Random(f"{seed} {mutation.name}").random())
        found |= {mutation.name: mutation for mutation in _spread(drawn)[:count]}
    return list(found.values())


def of_table(kind: str, table: Table, seed: int = 0) -> list[Mutation]:
    """Those of a kind and table, whatever other tables there are."""
    make, _ = KINDS[kind]
    draw = random.Random(f"{seed} {kind} {table.name}")
    return [Mutation(kind, *parts) for parts in make({table.name: table}, draw)]


def _spread(drawn: list[Mutation]) -> list[Mutation]:
    """One of each table before a second one of any."""
    seen: dict[str, int] = {}
    places = []
    for mutation in drawn:
        seen[mutation.table] = seen.get(mutation.table, 0) + 1
        places.append(seen[mutation.table])
    return [mutation for _, mutation in sorted(zip(places, drawn, strict=True), key=lambda pair: pair[0])]


Parts = Iterator[tuple]


def drop_column(tables, draw) -> Parts:
    for table in tables.values():
        for column in table.columns:
            yield (
                table.name,
                f"without {column}",
                TOLD,
                sql(table.name, f'select * exclude (n, "{column}") from landed'),
            )


def rename_column(tables, draw) -> Parts:
    for table in tables.values():
        for column in table.columns:
            new = f"{column}_{draw.choice(['v2', 'new', 'raw'])}"
            select = f'select * exclude (n) rename ("{column}" as "{new}") from landed'
            yield table.name, f"{column} as {new}", TOLD, sql(table.name, select)


def retype(tables, draw) -> Parts:
    for table in tables.values():
        for column in table.typed("bigint", "double", "timestamp", "boolean"):
            value = draw.choice(["'soon'", "['x']", "{'value': 'x'}"])
            yield table.name, f"{column} as {value}", TOLD, replaced(table.name, **{column: value})


def other_type(tables, draw) -> Parts:
    for table in tables.values():
        for column, (kind, _, _) in table.columns.items():
            forms = {
                "timestamp": ["strftime({}, '%Y-%m-%dT%H:%M:%S.%fZ')", "strftime({}, '%Y-%m-%d %H:%M:%S.%f')"],
                "bigint": ["cast({} as varchar)", "cast({} as double)", "cast({} as decimal(20, 2))"],
                "boolean": ["cast({} as varchar)", "cast({} as integer)"],
                "double": ["cast({} as varchar)"],
            }.get(kind)
            if forms:
                form = draw.choice(forms)
                yield (
                    table.name,
                    form.format(column),
                    NOTHING,
                    replaced(table.name, **{column: form.format(f'"{column}"')}),
                )


def _few(table: Table, draw: random.Random) -> str:
    """The rows that are damaged: of a table always the same, so that the landing without them is built once."""
    rows = random.Random(table.name).sample(range(1, table.rows + 1), table.few)
    return f"n in ({', '.join(map(str, rows))})"


def null_in_a_key(tables, draw) -> Parts:
    for table in tables.values():
        if table.few:
            few = _few(table, draw)
            for column, (_, _, never_null) in table.columns.items():
                if never_null:
                    spoil = replaced(table.name, **{column: f'if({few}, null, "{column}")'})
                    yield table.name, f"{table.few} times {column}", ROWS, spoil, _without(table, few)


def _without(table: Table, few: str) -> Callable[[Path], None]:
    return sql(table.name, f"select * exclude (n) from landed where not {few}")


def many_nulls(tables, draw) -> Parts:
    for table in tables.values():
        for column in table.columns:
            share = draw.choice([100, 100, 60])
            value = f'if(n % 100 < {share}, null, "{column}")'
            yield table.name, f"{share} % of {column}", TOLD, replaced(table.name, **{column: value})


def words_for_numbers(tables, draw) -> Parts:
    for table in tables.values():
        if table.few:
            few = _few(table, draw)
            for column in table.typed("bigint", "double", "timestamp", "boolean"):
                word = draw.choice(["n/a?", "tomorrow", "1,5 Mio", "0x1F", "NaNa"])
                spoil = replaced(table.name, **{column: f"if({few}, '{word}', cast(\"{column}\" as varchar))"})
                yield table.name, f"{table.few} times {column} {word}", ROWS, spoil, _without(table, few)


def absurd_dates(tables, draw) -> Parts:
    for table in tables.values():
        if table.few:
            few = _few(table, draw)
            for column in table.typed("timestamp"):
                year = draw.choice(["0001-01-01", "1969-12-31", "2999-01-01", "9999-12-31"])
                value = f'if({few} and "{column}" is not null, timestamp \'{year} 12:00:00\', "{column}")'
                yield table.name, f"{table.few} times {column} {year}", TOLD, replaced(table.name, **{column: value})


def shifted_dates(tables, draw) -> Parts:
    for table in tables.values():
        for column in table.typed("timestamp"):
            shift = draw.choice(
                ["+ interval 100 year", "- interval 100 year", "+ interval 4 year", "- interval 1 year"]
            )
            yield table.name, f"{column} {shift}", TOLD, replaced(table.name, **{column: f'"{column}" {shift}'})


def repeated_rows(tables, draw) -> Parts:
    for table in tables.values():
        share = draw.choice([100, 30, 5])
        select = f"select * exclude (n) from landed union all select * exclude (n) from landed where n % 100 < {share}"
        yield table.name, f"{share} % twice", NOTHING, sql(table.name, select)


def shuffled(tables, draw) -> Parts:
    for table in tables.values():
        salt = draw.randrange(1000)
        yield (
            table.name,
            "in another order",
            NOTHING,
            sql(table.name, f"select * exclude (n) from landed order by hash(n + {salt})"),
        )
        yield table.name, "in three files", NOTHING, _in_files(table)


def _in_files(table: Table) -> Callable[[Path], None]:
    def spoil(folder: Path) -> None:
        file = rewritten(folder, table.name, "select * exclude (n), n % 3 as part from landed")
        with duckdb.connect() as connection:
            for part in range(3):
                connection.execute(
                    f"copy (select * exclude (part) from read_parquet('{file}') where part = {part})"
                    f" to '{file.with_name(f'part-{part}.parquet')}' (format parquet)"
                )
        file.unlink()

    return spoil


def truncated(tables, draw) -> Parts:
    for table in tables.values():
        share = draw.choice([0, 0.1, 0.5, 0.99])

        def spoil(folder: Path, table=table, share=share) -> None:
            file = rewritten(folder, table.name, "select * exclude (n) from landed")
            whole = file.read_bytes()
            file.write_bytes(whole[: int(len(whole) * share)])

        yield table.name, f"{share:.0%} of the bytes", TOLD, spoil


def damaged_bytes(tables, draw) -> Parts:
    for table in tables.values():
        at = draw.uniform(0.05, 0.95)

        def spoil(folder: Path, table=table, at=at) -> None:
            file = rewritten(folder, table.name, "select * exclude (n) from landed")
            whole = bytearray(file.read_bytes())
            # Within the pages or the footer, behind and before the magic bytes.
            place = 4 + int((len(whole) - 40) * at)
            whole[place : place + 32] = bytes(32)
            file.write_bytes(bytes(whole))

        yield table.name, f"32 bytes at {at:.0%}", TOLD, spoil


def missing_table(tables, draw) -> Parts:
    for table in tables.values():
        yield table.name, "not landed", TOLD, lambda folder, table=table: shutil.rmtree(folder / table.name)


def lost_rows(tables, draw) -> Parts:
    for table in tables.values():
        share = draw.choice([50, 20, 90])
        select = f"select * exclude (n) from landed where hash(n) % 100 >= {share}"
        yield table.name, f"{share} % of the rows", TOLD, sql(table.name, select)


def ten_times(tables, draw) -> Parts:
    for table in tables.values():
        if {"received_at", "created", "created_at", "created_date"} & table.columns.keys() and table.key == "id":
            kind = table.columns["id"][0]
            key = "id * 100 + k" if kind == "bigint" else "id || '-' || k"
            select = f"select * exclude (n, k) replace (if(k = 0, id, {key}) as id) from landed, range(10) as r(k)"
            yield table.name, "every row ten times, each with an id of its own", TOLD, sql(table.name, select)


NAMES = {
    "unicode": ["Ünïcødé GmbH", "株式会社テスト", "شركة الاختبار", "e\u0301clair\u200b SA", "🚀 \U0001f1e9\U0001f1ea Labs", "\ufeffBOM Inc", "a\u202eb\u2066c"],
    "sql": ["Robert'); drop table accounts; --", "x' or '1'='1", "{{ ref('tiers') }}", "$(rm -rf)\\ \\n \"quoted\"", "{account_name} {% raw %}", "<script>alert(1)</script>"],
}  # fmt: skip
NAMED = {
    "salesforce/account": "name",
    "stripe/customer": "name",
    "zendesk/organization": "name",
    "segment/groups": "name",
    "salesforce/contact": "title",
    "salesforce/opportunity": "name",
}


def names(which: str):
    def make(tables, draw) -> Parts:
        for table, column in NAMED.items():
            if table in tables and column in tables[table].columns:
                for name in NAMES[which]:
                    text = name.replace("'", "''")
                    row = draw.randrange(1, tables[table].rows + 1)
                    spoil = replaced(table, **{column: f"if(n = {row}, '{text}', \"{column}\")"})
                    plain = replaced(table, **{column: f"if(n = {row}, 'Plain Words', \"{column}\")"})
                    yield table, f"{column} {ascii(name)}", TEXT, spoil, plain

    return make


def offsets(tables, draw) -> Parts:
    for table in tables.values():
        for column in table.typed("timestamp"):
            hours, text = draw.choice([(2, "+02:00"), (-5, "-05:00"), (9, "+0900"), (0, "+00:00")])
            value = f"strftime(\"{column}\" + interval ({hours}) hour, '%Y-%m-%dT%H:%M:%S.%f') || '{text}'"
            yield table.name, f"{column} at {text}", NOTHING, replaced(table.name, **{column: value})


def swapped_columns(tables, draw) -> Parts:
    for table in tables.values():
        for kind in ("string", "timestamp", "bigint", "boolean"):
            columns = [column for column in table.typed(kind)]
            draw.shuffle(columns)
            for one, other in zip(columns[::2], columns[1::2], strict=False):
                yield (
                    table.name,
                    f"{one} and {other}",
                    TOLD,
                    replaced(table.name, **{one: f'"{other}"', other: f'"{one}"'}),
                )


AMOUNTS = {
    "stripe/invoice_line_item": ["amount", "quantity", "amount_excluding_tax", "unit_amount_excluding_tax"],
    "stripe/price": ["unit_amount", "unit_amount_decimal"],
    "stripe/subscription_item": ["quantity"],
    "salesforce/opportunity": ["amount"],
    "salesforce/account": ["number_of_employees"],
    "salesforce_history/account": ["number_of_employees"],
    "segment/api_usage": ["quantity"],
    "segment/groups": ["storage_used_gb"],
}


def other_unit(tables, draw) -> Parts:
    for name, columns in AMOUNTS.items():
        for column in columns:
            if name in tables and column in tables[name].columns:
                # Decimals land as text.
                is_text = column.endswith("_decimal")
                for change in ("* 100", "/ 100.0", "* -1", "* 1000"):
                    value = (
                        f'cast(cast("{column}" as double) {change} as varchar)' if is_text else f'"{column}" {change}'
                    )
                    yield name, f"{column} {change}", TOLD, replaced(name, **{column: value})


def wrong_currency(tables, draw) -> Parts:
    for name, table in tables.items():
        if "currency" in table.columns:
            for currency in ("eur", "jpy", "xau", "US$", ""):
                yield name, f"all in {currency!r}", TOLD, replaced(name, currency=f"'{currency}'")


CSV = {
    "comma": (NOTHING, "format csv, header", None),
    "semicolon": (NOTHING, "format csv, header, delimiter ';'", None),
    "with a BOM": (NOTHING, "format csv, header", lambda data: b"\xef\xbb\xbf" + data),
    "quoted throughout": (NOTHING, "format csv, header, force_quote *", None),
    "Windows line ends": (NOTHING, "format csv, header", lambda data: data.replace(b"\n", b"\r\n")),
    "in Latin-1": (TOLD, "format csv, header", lambda data: data.decode().encode("latin-1", "replace")),
    "in UTF-16": (TOLD, "format csv, header", lambda data: data.decode().encode("utf-16")),
    "without a header": (TOLD, "format csv, header false", None),
    "cut in a line": (TOLD, "format csv, header", lambda data: data[: len(data) * 2 // 3]),
}


def csv(tables, draw) -> Parts:
    for table in tables.values():
        form = draw.choice(list(CSV))
        right, writer, change = CSV[form]

        def spoil(folder: Path, table=table, writer=writer, change=change, form=form) -> None:
            # Something that is not ASCII must be in it, for encodings to differ.
            text = next((column for column in table.typed("string") if column in ("name", "title")), None)
            accent = f' replace (if(n = 1, \'Café\', "{text}") as "{text}")' if text and "Latin" in form else ""
            file = rewritten(folder, table.name, f"select * exclude (n){accent} from landed", writer, "part.csv")
            if change:
                file.write_bytes(change(file.read_bytes()))

        yield table.name, form, right, spoil


def harmless_company(tables, draw) -> Parts:
    """What lies beside the landing and concerns nobody."""
    for table in tables.values():
        yield (
            table.name,
            "one more column",
            NOTHING,
            sql(table.name, "select * exclude (n), 17 as brand_new from landed"),
        )
        upper = ", ".join(f'"{column}" as "{column.upper()}"' for column in table.columns)
        yield table.name, "columns in capitals", NOTHING, sql(table.name, f"select {upper} from landed")
        backwards = ", ".join(f'"{column}"' for column in reversed(table.columns))
        yield table.name, "columns in another order", NOTHING, sql(table.name, f"select {backwards} from landed")

        def junk(folder: Path, table=table) -> None:
            (folder / table.name / "_SUCCESS").touch()
            (folder / table.name / "readme.txt").write_text("nothing")

        yield table.name, "other files beside it", NOTHING, junk


#: kind -> (its mutations, how many are taken)
KINDS = {
    "column dropped": (drop_column, 22),
    "column renamed": (rename_column, 8),
    "column of no such type": (retype, 8),
    "same values in another type": (other_type, 12),
    "nulls in keys": (null_in_a_key, 8),
    "many nulls": (many_nulls, 10),
    "words among numbers": (words_for_numbers, 8),
    "absurd dates in some rows": (absurd_dates, 10),
    "dates shifted": (shifted_dates, 8),
    "rows repeated": (repeated_rows, 8),
    "order, files": (shuffled, 6),
    "file truncated": (truncated, 6),
    "bytes damaged": (damaged_bytes, 8),
    "table missing": (missing_table, 8),
    "rows lost": (lost_rows, 10),
    "ten times the volume": (ten_times, 6),
    "Unicode in names": (names("unicode"), 6),
    "SQL in names": (names("sql"), 6),
    "moments with an offset": (offsets, 8),
    "columns of one type swapped": (swapped_columns, 12),
    "another unit or sign": (other_unit, 12),
    "another currency": (wrong_currency, 8),
    "CSV in all forms": (csv, 9),
    "what concerns nobody": (harmless_company, 6),
}
