"""Readers see whole marts or the ones before, never a part."""

from __future__ import annotations

import threading

import duckdb
import publish_marts
import pytest
from operations.place import Place, Stop
from support.built_world import ask, built, checksum, copied, project, write


def publish(data_dir) -> dict[str, int]:
    return publish_marts.publish(Place.find(data_dir, project().folder, project().manifest))


def tables(file) -> set[tuple]:
    return set(
        ask(
            file,
            "select schema_name, table_name from duckdb_tables() union select schema_name, view_name"
            " from duckdb_views() where not internal",
        )
    )


def test_the_published_copy_holds_the_marts_alone():
    published, warehouse = built() / "marts.duckdb", built() / "warehouse.duckdb"
    marts = {table for schema, table in tables(warehouse) if schema == "marts"}
    assert tables(published) == {("main", table) for table in marts} and marts
    assert not any(table.startswith("sync_") for table in marts)
    for table in marts:
        count = f"select count(*) from {{}}.{table}"
        assert ask(published, count.format("main")) == ask(warehouse, count.format("marts"))


def test_who_reads_keeps_the_old_marts_and_who_opens_anew_gets_the_new_ones(tmp_path):
    data_dir = copied(tmp_path, with_warehouse=True)
    before = ask(data_dir / "marts.duckdb", "select count(*) from fct_fired_triggers")
    with duckdb.connect(str(data_dir / "marts.duckdb"), read_only=True) as reader:
        write(data_dir / "warehouse.duckdb", "delete from intermediate.int_firings")
        publish(data_dir)
        assert reader.execute("select count(*) from fct_fired_triggers").fetchall() == before != [(0,)]
    assert ask(data_dir / "marts.duckdb", "select count(*) from fct_fired_triggers") == [(0,)]


def test_publishing_the_same_warehouse_twice_gives_the_same_rows(tmp_path):
    data_dir = copied(tmp_path, with_warehouse=True)
    first = publish(data_dir)
    assert publish(data_dir) == first
    assert sorted(file.name for file in data_dir.iterdir()) == ["marts.duckdb", "raw", "warehouse.duckdb"]


@pytest.mark.parametrize("fault", ["missing", "no marts", "not a database"])
def test_what_cannot_be_published_leaves_the_old_marts(tmp_path, fault):
    data_dir = copied(tmp_path, with_warehouse=True)
    warehouse = data_dir / "warehouse.duckdb"
    if fault == "no marts":
        write(warehouse, "drop schema marts cascade")
    else:
        warehouse.unlink()
    if fault == "not a database":
        warehouse.write_text("not a database")
    with pytest.raises(publish_marts.PublishError):
        publish(data_dir)
    assert checksum(data_dir / "marts.duckdb") == checksum(built() / "marts.duckdb")
    assert not list(data_dir.glob(".marts-*"))


def test_a_copy_that_breaks_off_leaves_the_old_marts(tmp_path, monkeypatch):
    data_dir = copied(tmp_path, with_warehouse=True)

    def breaks_off(place, target):
        target.write_bytes(b"half")
        raise duckdb.IOException("No space left on device")

    monkeypatch.setattr(publish_marts, "_copy", breaks_off)
    with pytest.raises(publish_marts.PublishError, match="No space left"):
        publish(data_dir)
    assert checksum(data_dir / "marts.duckdb") == checksum(built() / "marts.duckdb")
    assert not list(data_dir.glob(".marts-*"))


def test_readers_never_see_a_part(tmp_path):
    """Whoever opens the file while it is replaced, again and again, finds every mart in it."""
    data_dir = copied(tmp_path, with_warehouse=True)
    marts = len(tables(data_dir / "marts.duckdb"))
    seen: list[object] = []
    ended = threading.Event()

    def read() -> None:
        while not ended.is_set():
            try:
                seen.append(len(tables(data_dir / "marts.duckdb")))
            except duckdb.Error as error:
                seen.append(str(error))

    reader = threading.Thread(target=read)
    reader.start()
    for _ in range(3):
        publish(data_dir)
    ended.set()
    reader.join()
    assert set(seen) == {marts}


def test_spark_is_read_by_a_session_alone(tmp_path):
    place = Place.find(tmp_path, project().folder, project().manifest, target="cluster")
    place.__dict__["output"] = {"type": "spark", "method": "thrift"}
    with pytest.raises(Stop, match="The target cluster reaches Spark by thrift: .* method session is expected"):
        publish_marts.publish(place)
