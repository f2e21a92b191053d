"""Whatever happens to an account, its people and its contacts after a firing, the next build and push go on.

The table in docs/push.md says what then becomes of a firing that waits; one that was delivered stays as it is.
"""

from __future__ import annotations

import json
import random
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest
from push import cli as push
from support.built_world import ask, changed_seed, copied, project, rewrite, run, write
from support.project import ROOT, VALIDATION

LEFT_OUT = ["--exclude", *VALIDATION, "resource_type:unit_test"]
NOW, LATER = "2026-07-01 06:00:00", "2026-07-02 06:00:00"
PEOPLE = "owner_id, customer_success_manager_id_c"
WAITING = """
    select sent.firing_id, sent.account_id, sent.owner_email, sent.recipient_contact_id
    from sync.sync_crm_firings as sent
    where sent.status = 'due' and sent.recipient_contact_id is not null and sent.owner_email is not null
    order by sent.account_id, sent.firing_id
"""


#: The first firing of each account, of those for a contact; they and the last ones are active and fell due.
OF_EACH = "from intermediate.int_firings where recipient_user_id is null and not is_holdout group by account_id"
FIRST, LAST = f"select min(firing_id) {OF_EACH}", f"select max(firing_id) {OF_EACH}"
FALLEN_DUE = f"""
    update intermediate.int_firings
    set is_shadow = false, routing_rule_id = 'growing', owner_role = 'CSM', channels = 'crm_task|email',
        deliver_at = timestamp '{NOW}' - interval 1 hour, sla_due_at = timestamp '{NOW}' + interval 1 day,
        expires_at = timestamp '{NOW}' + interval 7 day
    where firing_id in ({FIRST}) or firing_id in ({LAST})
"""


@dataclass
class Life:
    """A firing that waits, its account, and another account."""

    data_dir: Path
    firing_id: str
    account_id: str
    owner_email: str | None
    contact_id: str
    other_id: str

    def account(self, change: str) -> None:
        rewrite(self.data_dir, "salesforce/account", of_one(f"id = '{self.account_id}'", change))

    def contacts(self, change: str, of: str | None = None) -> None:
        rewrite(self.data_dir, "salesforce/contact", of_one(of or f"account_id = '{self.account_id}'", change))

    def owners(self, change: str) -> None:
        people = ask_landing(
            self.data_dir, "salesforce/account", f"select {PEOPLE} from landed where id = '{self.account_id}'"
        )
        named = ", ".join(f"'{person}'" for person in people[0])
        rewrite(self.data_dir, "salesforce/user", of_one(f"id in ({named})", change))

    def found(self) -> dict:
        """How the firing stands, as the build tells it and as it may leave."""
        sql = f"""
            select
                statuses.status, statuses.status_reason, statuses.held_back_reason, sent.account_name, sent.owner_email,
                sent.recipient_contact_id, sent.recipient_email, sent.channels
            from marts.fct_firing_status as statuses
            left join sync.sync_crm_firings as sent using (firing_id)
            where statuses.firing_id = '{self.firing_id}'
        """
        with duckdb.connect(str(self.data_dir / "warehouse.duckdb"), read_only=True) as warehouse:
            cursor = warehouse.execute(sql)
            return dict(zip([column[0] for column in cursor.description], cursor.fetchone(), strict=True))


def of_one(row: str, change: str) -> str:
    """A query that changes columns of some landed rows: `column = value, ..`, with columns that may be new."""
    return f"with changed as (select * from landed where {row}) {change} union all by name select * from landed where not coalesce({row}, false)"


def ask_landing(data_dir: Path, table: str, query: str) -> list[tuple]:
    with duckdb.connect() as connection:
        connection.execute(f"create view landed as select * from read_parquet('{data_dir}/raw/{table}/*.parquet')")
        return connection.execute(query).fetchall()


def replaced(columns: str) -> str:
    return f"select * replace ({columns}) from changed"


def added(columns: str) -> str:
    return f"select *, {columns} from changed"


def is_cancelled(reason: str) -> Callable[[Life, dict], bool]:
    return lambda life, row: (row["status"], row["status_reason"], row["channels"]) == ("cancelled", reason, None)


def is_named(name: str) -> Callable[[Life, dict], bool]:
    return lambda life, row: (row["status"], row["account_name"]) == ("due", name)


def is_of_another_owner(life: Life, row: dict) -> bool:
    return row["status"] == "due" and bool(row["owner_email"]) and row["owner_email"] != life.owner_email


def is_held_back(life: Life, row: dict) -> bool:
    """The owner keeps the task; nobody is written to."""
    left = {"crm_task"} & set((row["channels"] or "").split("|"))
    return (row["held_back_reason"], row["recipient_email"], bool(left)) == ("nobody_to_write_to", None, True)


def is_to_another_contact(life: Life, row: dict) -> bool:
    return row["status"] == "due" and row["recipient_contact_id"] != life.contact_id


def is_as_it_was(life: Life, row: dict) -> bool:
    return (row["status"], row["recipient_contact_id"]) == ("due", life.contact_id)


#: What happens, by the words of docs/push.md, how it lands, and what then holds of the firing that waits.
EVENTS: dict[str, tuple[Callable[[Life], None], Callable[[Life, dict], bool]]] = {
    "account deleted": (lambda life: life.account(replaced("true as is_deleted")), is_cancelled("churned")),
    "account merged into another": (
        lambda life: life.account(replaced(f"true as is_deleted, '{life.other_id}' as master_record_id")),
        is_cancelled("merged"),
    ),
    "account renamed": (
        lambda life: life.account(replaced("'Meet@Work.example' as name")),
        is_named("Meet@Work.example"),
    ),
    "account renamed to what looks like a token": (
        lambda life: life.account(replaced("'{first_name} <!channel>' as name")),
        is_named("{first_name} <!channel>"),
    ),
    "account opted out": (
        lambda life: life.account(replaced(f"timestamp '{NOW}' as expansion_opt_out_date_c")),
        is_cancelled("opted_out"),
    ),
    "account moved to a country and zone that nobody knows": (
        lambda life: life.account(replaced("'ZZ' as billing_country_code, 'Mars/Olympus' as time_zone_c")),
        is_as_it_was,
    ),
    "owner left": (lambda life: life.owners(replaced("false as is_active")), is_of_another_owner),
    "owner deleted": (lambda life: life.owners(replaced("true as _fivetran_deleted")), is_of_another_owner),
    "account without an owner": (
        lambda life: life.account(replaced("null as owner_id, null as customer_success_manager_id_c")),
        is_of_another_owner,
    ),
    "all contacts deleted": (lambda life: life.contacts(replaced("true as is_deleted")), is_held_back),
    "all contacts without an address": (lambda life: life.contacts(replaced("null as email")), is_held_back),
    "all contacts opted out of e-mail": (
        lambda life: life.contacts(added("true as has_opted_out_of_email")),
        is_held_back,
    ),
    "contact bounced": (
        lambda life: life.contacts(added(f"timestamp '{NOW}' as email_bounced_date"), f"id = '{life.contact_id}'"),
        is_to_another_contact,
    ),
    "contact moved to another account": (
        lambda life: life.contacts(replaced(f"'{life.other_id}' as account_id"), f"id = '{life.contact_id}'"),
        is_to_another_contact,
    ),
    "contact renamed": (
        lambda life: life.contacts(replaced("'<script>{cta_url}' as first_name"), f"id = '{life.contact_id}'"),
        is_as_it_was,
    ),
    "contact with the owner's address": (
        lambda life: life.contacts(replaced(f"'{life.owner_email}' as email"), f"id = '{life.contact_id}'"),
        is_as_it_was,
    ),
}


@pytest.fixture(autouse=True)
def _no_landing_elsewhere(monkeypatch):
    monkeypatch.delenv("RAW_LOCATION", raising=False)
    monkeypatch.delenv("DATA_DIR", raising=False)


@pytest.fixture(scope="module")
def waiting(tmp_path_factory) -> Iterator[Path]:
    """A world in which a firing of every account fell due an hour ago, and another one has been pushed."""
    data_dir = copied(tmp_path_factory.mktemp("life") / "world", with_warehouse=True)
    with changed_seed("trigger_library", keep_conditions):
        write(data_dir / "warehouse.duckdb", FALLEN_DUE)
        assert run(data_dir, "--as-of", NOW, *LEFT_OUT) == 0
        assert pushed(data_dir, "--max-sends", "1000") == 0
        # Of the first of each account the push is forgotten, by ledger and log: they wait.
        shutil.rmtree(data_dir / "outbox")
        (data_dir / "push_ledger.duckdb").unlink()
        first = ", ".join(f"'{row[0]}'" for row in ask(data_dir / "warehouse.duckdb", FIRST))
        rewrite(data_dir, "push/push_log", f"select * from landed where firing_id not in ({first})")
        assert run(data_dir, "--as-of", NOW, *LEFT_OUT) == 0
        yield data_dir


@pytest.mark.sampled(0)
@pytest.mark.parametrize("draw", range(2))
def test_the_next_build_and_push_go_on(draw, waiting, tmp_path, capsys):
    """Events happen, each to an account of its own, dealt by chance; every kind in one of the draws."""
    data_dir = tmp_path / "world"
    shutil.copytree(waiting, data_dir)
    lives = dealt(data_dir, draw)
    assert 2 * len(lives) >= len(EVENTS)
    before = ask(data_dir / "warehouse.duckdb", "select * from intermediate.int_firings order by firing_id")
    for name, life in lives.items():
        EVENTS[name][0](life)
    assert run(data_dir, "--as-of", LATER, *LEFT_OUT) == 0, capsys.readouterr().err

    known = {row[0]: row for row in before}
    after = ask(data_dir / "warehouse.duckdb", "select * from intermediate.int_firings order by firing_id")
    assert [row for row in after if row[0] in known] == before, "recorded firings stay"
    told = {name: (life.found(), EVENTS[name][1](life, life.found())) for name, life in lives.items()}
    assert {name: row for name, (row, is_expected) in told.items() if not is_expected} == {}

    capsys.readouterr()
    assert pushed(data_dir, "--max-sends", "1000", "--json") == 0
    assert json.loads(capsys.readouterr().out)["delivered"] > 0
    assert pushed(data_dir, "--json") == 0
    assert json.loads(capsys.readouterr().out)["planned"] == 0, "what has been sent is not sent again"


def test_the_table_of_the_documentation_has_every_event():
    rows = re.findall(r"^\| ([a-z][^|]+?) \|", (ROOT / "docs/push.md").read_text(), flags=re.MULTILINE)
    assert set(EVENTS) <= set(rows)


def dealt(data_dir: Path, draw: int) -> dict[str, Life]:
    """An account with a waiting firing for each event, as far as there are any, and one for all to be merged into."""
    firings = {row[1]: row for row in ask(data_dir / "warehouse.duckdb", WAITING)}
    other, *accounts = random.Random(f"accounts {draw}").sample(sorted(firings), len(firings))
    names = random.Random("events").sample(sorted(EVENTS), len(EVENTS))
    half = draw * len(names) // 2
    names = names[half:] + names[:half]
    return {name: Life(data_dir, *firings[account], other) for name, account in zip(names, accounts, strict=False)}


def keep_conditions(text: str) -> str:
    """The library in which a condition that no longer holds cancels nothing: other things are looked at here."""
    head, *lines = text.splitlines()
    assert ",recheck_conditions," in head
    return (
        "\n".join([head, *(re.sub(r",(true|false),(true|false)?,", r",\1,false,", line, count=1) for line in lines)])
        + "\n"
    )


def pushed(data_dir: Path, *options: str) -> int:
    return push.main(["--data-dir", str(data_dir), "--project-dir", str(project().folder), "--to", "file", *options])
