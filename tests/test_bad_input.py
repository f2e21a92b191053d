"""Input that is wrong stops a build with one sentence, or is quarantined and counted; what was published stays."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from support.built_world import (
    ask,
    build_models,
    built,
    changed_seed,
    checksum,
    copied,
    landed,
    rewrite,
    run,
    write,
)


@pytest.fixture(autouse=True)
def _no_landing_elsewhere(monkeypatch):
    monkeypatch.delenv("RAW_LOCATION", raising=False)
    monkeypatch.delenv("DATA_DIR", raising=False)


@pytest.fixture
def stopped(capsys):
    """Runs a build that must stop: one line on stderr is returned, and the published marts must be the same bytes."""

    def run_and_stop(data_dir: Path, *options: str) -> str:
        capsys.readouterr()
        assert run(data_dir, *options) == 1
        told = capsys.readouterr().err.strip().splitlines()
        assert len(told) == 1, told
        assert checksum(data_dir / "marts.duckdb") == checksum(built() / "marts.duckdb")
        assert not (data_dir / "quality_gate.json").exists()
        return told[0]

    return run_and_stop


# Structure: files, tables, columns


def test_a_required_table_is_missing(tmp_path, stopped):
    data_dir = copied(tmp_path)
    shutil.rmtree(data_dir / "raw/stripe/invoice")
    assert stopped(data_dir) == (
        f"{data_dir}/raw/stripe/invoice/*.parquet is missing: the source stripe.invoice is required."
    )


def test_an_optional_table_is_missing(tmp_path):
    data_dir = copied(tmp_path, with_warehouse=True)
    shutil.rmtree(data_dir / "raw/zendesk/ticket_tag")
    build_models(data_dir, "stg_support__tickets")


def test_a_required_column_is_missing(tmp_path, stopped):
    data_dir = copied(tmp_path)
    rewrite(data_dir, "stripe/invoice_line_item", "select * exclude (quantity) from landed")
    assert stopped(data_dir) == (
        f"{data_dir}/raw/stripe/invoice_line_item/*.parquet has no column quantity: expected a column of type bigint."
    )


@pytest.mark.parametrize("wrong", ["'soon'", "17", "true", "['2026-01-01']"])
def test_a_required_column_is_of_the_wrong_type(tmp_path, stopped, wrong):
    data_dir = copied(tmp_path)
    rewrite(data_dir, "stripe/invoice_line_item", f"select * replace ({wrong} as period_start) from landed")
    assert stopped(data_dir) == (
        f"{data_dir}/raw/stripe/invoice_line_item/*.parquet: no value of column period_start is a timestamp:"
        " expected type timestamp."
    )


def test_the_product_table_is_empty(tmp_path, stopped):
    data_dir = copied(tmp_path)
    rewrite(data_dir, "segment/tracks", "select * from landed where false")
    assert stopped(data_dir) == f"{data_dir}/raw/segment/tracks/*.parquet is empty: expected at least one row."


def test_a_parquet_file_is_truncated(tmp_path, stopped):
    data_dir = copied(tmp_path)
    file = rewrite(data_dir, "salesforce/contact", "select * from landed")
    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) // 2])
    assert stopped(data_dir) == (
        f"{file} is a truncated Parquet file ({len(whole) // 2:,} bytes): expected it to end with the bytes PAR1."
    )


def test_the_footer_of_a_parquet_file_is_damaged(tmp_path, stopped):
    data_dir = copied(tmp_path)
    file = rewrite(data_dir, "salesforce/contact", "select * from landed")
    whole = bytearray(file.read_bytes())
    whole[-200:-100] = bytes(100)
    file.write_bytes(bytes(whole))
    assert stopped(data_dir) == f"{file} is damaged: expected the footer of a Parquet file at its end."


def test_a_parquet_file_is_empty(tmp_path, stopped):
    data_dir = copied(tmp_path)
    (file := data_dir / "raw/salesforce/contact/part-2.parquet").touch()
    assert stopped(data_dir) == f"{file} is empty: expected a Parquet file."


def test_a_csv_is_named_parquet(tmp_path, stopped):
    data_dir = copied(tmp_path)
    file = rewrite(data_dir, "salesforce/contact", "select * from landed", "format csv, header")
    assert stopped(data_dir) == (
        f"{file} is not a Parquet file: expected it to begin with the bytes PAR1 (CSV belongs in files named .csv)."
    )


def test_csv_lies_beside_parquet(tmp_path, stopped):
    data_dir = copied(tmp_path)
    (data_dir / "raw/salesforce/contact/more.csv").write_text("id,account_id,created_date\n1,2,2026-01-01\n")
    assert stopped(data_dir) == (
        f"{data_dir}/raw/salesforce/contact holds CSV beside Parquet:"
        " expected files of one kind, Parquet (*.parquet) or CSV (*.csv)."
    )


def test_a_folder_of_csv_alone_is_read(tmp_path):
    data_dir = copied(tmp_path, with_warehouse=True)
    contacts = landed(data_dir, "salesforce/contact", "select count(*) from landed")
    rewrite(data_dir, "salesforce/contact", "select * from landed", "format csv, header", "part.csv")
    build_models(data_dir, "stg_crm__contacts")
    assert ask(data_dir / "warehouse.duckdb", "select count(*) from raw_salesforce.contact") == contacts


def test_every_broken_file_has_its_sentence(tmp_path, capsys):
    data_dir = copied(tmp_path)
    for table in ("salesforce/contact", "zendesk/ticket"):
        (data_dir / "raw" / table / "part-2.parquet").write_text("id\n1\n2\n3\n")
    assert run(data_dir) == 1
    assert [line.split(" is not ")[0] for line in capsys.readouterr().err.strip().splitlines()] == [
        f"{data_dir}/raw/salesforce/contact/part-2.parquet",
        f"{data_dir}/raw/zendesk/ticket/part-2.parquet",
    ]


def test_files_of_tables_that_nobody_reads_do_not_matter(tmp_path):
    data_dir = copied(tmp_path, with_warehouse=True)
    (data_dir / "raw/segment/newsletter_opened").mkdir()
    (data_dir / "raw/segment/newsletter_opened/part.parquet").write_text("no Parquet")
    build_models(data_dir, "stg_crm__contacts")


# Rows


def test_bad_rows_above_the_limit_stop_the_build(tmp_path, stopped):
    data_dir = copied(tmp_path)
    rows = landed(data_dir, "segment/tracks", "select count(*) from landed")[0][0]
    bad = rows // 100 + 1
    rewrite(
        data_dir,
        "segment/tracks",
        f"select * replace (if(n <= {bad}, null, received_at) as received_at)"
        " from (select *, row_number() over (order by id) as n from landed)",
    )
    first = landed(data_dir, "segment/tracks", "select id from landed where received_at is null")
    told = stopped(data_dir)
    named = next(row for (row,) in first if row in told)
    assert told == (
        f"{data_dir}/raw/segment/tracks/*.parquet: {bad} of {rows} rows are bad (the first: row {named},"
        " column received_at, null_received_at): expected at most 1.0 % (max_quarantined_share)."
    )


def test_bad_rows_below_the_limit_are_quarantined_with_their_reason(tmp_path):
    data_dir = copied(tmp_path, with_warehouse=True)
    tracks = "select *, row_number() over (order by id) as n from landed"
    rewrite(
        data_dir,
        "segment/tracks",
        "select * exclude (n) replace ("
        " if(n = 1, null, id) as id,"
        " if(n = 2, null, received_at) as received_at,"
        " case n when 3 then 'yesterday' when 4 then '1969-12-31 23:59:59' else cast(timestamp as varchar) end as timestamp"
        f") from ({tracks})",
    )
    rewrite(
        data_dir,
        "stripe/invoice_line_item",
        "select * exclude (n) replace"
        " (if(n = 1, 'xau', currency) as currency, if(n = 2, null, period_start) as period_start)"
        " from (select *, row_number() over (order by id) as n from landed where id not like 'sub%')",
    )
    (nameless, unreceived, undated, ancient), (unrated, unstarted) = (
        [row[0] for row in landed(built(), table, f"select id from landed {where} order by id limit {n}")]
        for table, where, n in (
            ("segment/tracks", "", 4),
            ("stripe/invoice_line_item", "where id not like 'sub%'", 2),
        )
    )
    account = landed(data_dir, "salesforce/account", "select min(id) from landed")[0][0]
    zone = f"if(id = '{account}', 'Mars/Olympus', time_zone_c) as time_zone_c"
    rewrite(data_dir, "salesforce/account", f"select * replace ({zone}) from landed")
    before = checksum(data_dir / "marts.duckdb")

    # Firings are recorded with the zone of their day: tests that look them up in today's are about something else.
    assert run(data_dir, "--select", "+quarantined_records", "--exclude", "path:tests/data/delivery") == 0

    published = data_dir / "marts.duckdb"
    assert checksum(published) != before
    found = set(
        ask(published, "select source_name, table_name, record_id, column_name, reason from quarantined_records")
    )
    assert found - set(ask(built() / "marts.duckdb", "select * from quarantined_records")) == {
        ("segment", "tracks", None, "id", "null_id"),
        ("segment", "tracks", unreceived, "received_at", "null_received_at"),
        ("segment", "tracks", undated, "timestamp", "does_not_cast_to_timestamp"),
        ("segment", "tracks", ancient, "timestamp", "absurd_timestamp"),
        ("stripe", "invoice_line_item", unrated, "currency", "currency_without_rate"),
        ("stripe", "invoice_line_item", unstarted, "period_start", "null_period_start"),
        ("crm", "account", account, "time_zone", "unknown_time_zone"),
    }
    warehouse = data_dir / "warehouse.duckdb"
    rows = landed(data_dir, "segment/tracks", "select count(*) from landed")[0][0]
    assert ask(warehouse, "select count(*) from raw_segment.tracks") == [(rows - 4,)]
    assert nameless and ask(warehouse, f"select count(*) from raw_segment.tracks where id = '{nameless}'") == [(0,)]
    assert ask(
        warehouse,
        f"select time_zone, is_time_zone_known from intermediate.int_account_time_zones where account_id = '{account}'",
    ) == [("UTC", False)]


def test_a_currency_without_a_rate_on_many_rows_stops_the_build(tmp_path, stopped):
    data_dir = copied(tmp_path, with_warehouse=True)
    rewrite(data_dir, "stripe/invoice_line_item", "select * replace ('xau' as currency) from landed")
    told = stopped(data_dir, "--select", "+quarantined_records")
    rows = ask(data_dir / "warehouse.duckdb", "select count(*) from raw_stripe.invoice_line_item")[0][0]
    bad = ask(data_dir / "warehouse.duckdb", "select count(*) from staging.stg_billing__invoice_lines")[0][0]
    assert told == (
        f"stripe.invoice_line_item: {bad} of {rows} rows are bad (currency_without_rate):"
        " expected at most 1.0 % (max_quarantined_share)."
    )


# Time


def test_as_of_lies_before_the_newest_recorded_moment(tmp_path, stopped):
    data_dir = copied(tmp_path, with_warehouse=True)
    (newest,) = ask(
        data_dir / "warehouse.duckdb", "select cast(max(triggered_at) as varchar) from marts.fct_fired_triggers"
    )
    selected = ("int_clock", "int_new_firings")
    told = stopped(data_dir, "--as-of", "2026-02-01", "--select", *selected, "--exclude", "test_type:data")
    assert told == (
        f"as_of 2026-02-01 00:00:00 lies before the newest recorded firing ({newest[0]}):"
        " a replay of an earlier moment needs a DATA_DIR of its own."
    )


def test_as_of_that_is_no_moment_is_a_wrong_option(capsys):
    with pytest.raises(SystemExit) as ended:
        run(Path("unused"), "--as-of", "yesterday")
    assert ended.value.code == 2
    assert "expected 2026-03-01 or 2026-03-01T12:00:00Z" in capsys.readouterr().err


# The library


@pytest.mark.parametrize(
    ("seed", "old", "new", "expected"),
    [
        (
            "trigger_conditions",
            "enterprise_ready,seat_utilisation,>,",
            "enterprise_ready,seat_usage,>,",
            "seeds/company/trigger_conditions.csv, row enterprise_ready, column signal: signal seat_usage is unknown:"
            " expected one of the signals of signal_coverage.",
        ),
        (
            "trigger_conditions",
            "enterprise_ready,seat_utilisation,>,",
            "enterprise_ready,seat_utilisation,=>,",
            "seeds/company/trigger_conditions.csv, column comparator: '=>' is unknown:"
            " expected one of >, >=, <, <=, =, between.",
        ),
        (
            "trigger_library",
            ",while_true,,Business,",
            ",while_true,,Platinum,",
            "seeds/company/trigger_library.csv, row enterprise_ready, column tiers: tier Platinum is not in tiers.csv.",
        ),
        (
            "trigger_library",
            ",add_seats_now,",
            ",add_chairs_now,",
            "seeds/company/trigger_library.csv, column play_id: 'add_chairs_now' is not in plays, column play_id.",
        ),
        (
            "trigger_library",
            ",broader adoption,invite_blocked,",
            ",broader adoption,invite_refused,",
            "seeds/company/trigger_library.csv, row invite_blocked, column event_action:"
            " action invite_refused is not in tracking_plan.csv.",
        ),
        (
            "trigger_library",
            ",true,,opted_out,seat_expansion",
            ",true,,opted_in,seat_expansion",
            "seeds/company/trigger_library.csv, row invite_blocked, column exclusions: exclusion opted_in is unknown:"
            " expected one of open_expansion_opportunity, open_urgent_ticket, invoice_past_due, opted_out,"
            " recently_expanded.",
        ),
    ],
    ids=["signal", "comparator", "tier", "play", "action", "exclusion"],
)
def test_a_trigger_row_with_something_unknown(tmp_path, stopped, seed, old, new, expected):
    data_dir = copied(tmp_path, with_warehouse=True)
    with changed_seed(seed, lambda text: text.replace(old, new, 1)):
        told = stopped(data_dir, "--select", seed, "path:models/intermediate/engine/library", "int_triggers")
    assert told == expected


def test_a_threshold_that_is_no_number(tmp_path, stopped):
    data_dir = copied(tmp_path, with_warehouse=True)
    seed = "trigger_conditions"
    with changed_seed(seed, lambda text: text.replace("seat_utilisation,>,0.80", "seat_utilisation,>,high", 1)):
        told = stopped(data_dir, "--select", seed, "path:models/intermediate/engine/library", "int_triggers")
    assert told == "seeds/company/trigger_conditions.csv, line 2, column threshold: expected DECIMAL, not 'high'."


# The warehouse


def test_a_warehouse_that_somebody_else_writes(tmp_path):
    """dbt itself says so; nothing is published from a file that cannot be read."""
    data_dir = copied(tmp_path, with_warehouse=True)
    write(data_dir / "warehouse.duckdb", "drop table intermediate.int_engine_runs")
    assert run(data_dir, "--select", "stg_crm__contacts") == 1
    assert checksum(data_dir / "marts.duckdb") == checksum(built() / "marts.duckdb")
