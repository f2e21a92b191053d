"""Reads published marts again and again as one kind of client does, until a file says stop; a line of JSON a reading.

Run with the readers' environment: `read.py KIND MARTS STOP`. Each reading opens the file anew, as a tool does that refreshes.
"""

import json
import sys
from pathlib import Path

FIRINGS = "select count(*) from fct_fired_triggers"
STATUSES = "select count(*) from fct_firing_status"
PER_TRIGGER = "select trigger_id, count(*) as firings from fct_fired_triggers group by trigger_id"


def duckdb_client(marts: str) -> list[int]:
    import duckdb

    with duckdb.connect(marts, read_only=True) as connection:
        return [connection.execute(query).fetchone()[0] for query in (FIRINGS, STATUSES)]


def sqlalchemy_client(marts: str) -> list[int]:
    import sqlalchemy

    engine = sqlalchemy.create_engine(f"duckdb:///{marts}", connect_args={"read_only": True})
    with engine.connect() as connection:
        tables = sqlalchemy.inspect(engine).get_table_names()
        assert "trigger_scorecard" in tables and "sync_alerts" not in tables, tables
        found = [connection.execute(sqlalchemy.text(query)).scalar() for query in (FIRINGS, STATUSES)]
    engine.dispose()
    return found


def arrow_client(marts: str) -> list[int]:
    import adbc_driver_duckdb
    from adbc_driver_manager import dbapi

    # The driver's own connect has no options, and would open the file to write.
    options = {"path": marts, "access_mode": "read_only"}
    driver = {"driver": adbc_driver_duckdb.driver_path(), "entrypoint": "duckdb_adbc_init"}
    with dbapi.connect(**driver, db_kwargs=options, autocommit=True) as connection, connection.cursor() as cursor:
        cursor.execute(PER_TRIGGER)
        table = cursor.fetch_arrow_table()
        cursor.execute(STATUSES)
        return [sum(table["firings"].to_pylist()), cursor.fetchone()[0]]


def notebook(marts: str) -> list[int]:
    import os

    import nbformat
    from nbclient import NotebookClient

    os.environ["MARTS"] = marts
    book = nbformat.read(Path(__file__).resolve().parents[2] / "docs/readers/notebook.ipynb", as_version=4)
    book.cells.append(nbformat.v4.new_code_cell(f'print(ask("{FIRINGS}").iat[0, 0], ask("{STATUSES}").iat[0, 0])'))
    NotebookClient(book, timeout=120).execute()
    return [int(word) for word in book.cells[-1].outputs[0].text.split()]


KINDS = {"duckdb": duckdb_client, "sqlalchemy": sqlalchemy_client, "arrow": arrow_client, "notebook": notebook}

if __name__ == "__main__":
    kind, marts, stop = sys.argv[1:]
    while True:
        print(json.dumps(KINDS[kind](marts)), flush=True)
        if Path(stop).exists():
            break
