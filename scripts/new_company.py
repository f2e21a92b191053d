#!/usr/bin/env python3
"""Write a dbt project for another company, which installs this one as its package.

The vars with their comments come from this checkout's dbt_project.yml, the seeds' columns from seeds/company. Rows are those
of company_template/starters where it has the seed, else this checkout's own. Types, descriptions and tests of the seeds
stay in this checkout's _seeds.yml: dbt applies it to the seeds that stand in the place of the package's.

Exit codes: 0 written; 1 refused, with a sentence on stderr and nothing written; 2 wrong options.
"""

from __future__ import annotations

import argparse
import csv
import io
import os
import re
import sys
from pathlib import Path
from string import Template

from operations.place import PACKAGE, Stop

TEMPLATE = Path(__file__).resolve().parent / "company_template"
NAME = re.compile(r"[a-z][a-z0-9_]{1,40}")
CRMS = ("hubspot", "salesforce")
# Rows of this checkout that a company needs beside the starters: (column, value).
KEPT = {"message_templates": ("template_id", "alert")}
SCRIPT = "$(BIN)/python $(PRODUCT)/scripts/{script} --data-dir $(DATA_DIR){options}"
# name, script that must exist, its options, what the command does
COMMANDS = (
    ("build", "build.py", "", "builds, checks and publishes what lies in DATA_DIR"),
    ("publish", "publish_marts.py", "", "publishes the marts of the last build again"),
    ("push", "push_triggers.py", " --to $(TO)", "sends what is due: TO=file, hubspot, salesforce, slack, webhook"),
    ("report", "council_report.py", "", "writes the council's page from the published marts"),
    (
        "approve",
        "approve.py",
        " $(if $(TRIGGER),--trigger $(TRIGGER) --day $(DAY)) $(if $(REASON),--reason '$(REASON)')",
        "lets held firings go: TRIGGER=, DAY=, REASON=; without TRIGGER what waits is listed",
    ),
    ("doctor", "doctor.py", "", "says what is missing in landing and configuration, worst first"),
    ("restart", "restart.py", " $(if $(YES),--yes)", "forgets firings that nobody was told of: YES=1 to do it"),
    (
        "decide",
        "decide.py",
        ' --trigger "$${TRIGGER:-}" --decision "$${DECISION:-}" --reason "$${REASON:-}" $(if $(APPLY),--apply)',
        "a decision of the council as a change of the seeds: TRIGGER, DECISION, APPLY=1 to write, REASON",
    ),
    ("fit", "fit.py", " $(if $(ANEW),--anew)", "fits the readiness weights, monthly: ANEW=1 of all month ends again"),
)
URGENT = """urgent: env  ## builds and sends what events ask for, between full builds
	@$(BIN)/dbt --quiet build --select tag:urgent --indirect-selection cautious --exclude-resource-type unit_test \\
		--vars '{urgent: true}' --target-path target/urgent
	$(BIN)/python $(PRODUCT)/scripts/push_triggers.py --data-dir $(DATA_DIR) --to $(TO) --only $(if $(filter slack,$(TO)),alert,firing)
"""


def main(arguments: list[str] | None = None) -> int:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--name", required=True, help="of the dbt project: lower-case letters, digits and underscores")
    parser.add_argument("--to", required=True, type=Path, help="folder to write, new or empty")
    parser.add_argument("--crm", choices=CRMS, default="hubspot", help="which CRM the company has (default hubspot)")
    options = parser.parse_args(arguments)
    try:
        files = project_files(options.name, options.to, options.crm)
    except Stop as stop:
        print(stop, file=sys.stderr)
        return 1
    for name, text in files.items():
        file = options.to / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    print(f"{options.to}: {len(files)} files; {options.to / 'README.md'} says what to do next")
    return 0


def project_files(name: str, folder: Path, crm: str) -> dict[str, str]:
    """The text of every file by its path below the folder. Stops on a bad name or a folder that holds something."""
    if not NAME.fullmatch(name) or name == "expansion_triggers":
        raise Stop(
            f"{name} cannot name the project: expected lower-case letters, digits and underscores, beginning with a"
            " letter, and not expansion_triggers."
        )
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Stop(f"{folder} is not empty: expected a new or an empty folder.")
    product = os.path.relpath(PACKAGE, folder.resolve())
    commands = [command for command in COMMANDS if (PACKAGE / "scripts" / command[1]).exists()]
    words = {
        "name": name,
        "crm": crm,
        "product": product,
        "targets": " ".join(["help", "env", "urgent", *(command[0] for command in commands)]),
        "commands": "\n".join([URGENT, *(_target(*command) for command in commands)]).rstrip("\n"),
        "table": "\n".join(
            [
                *(f"| `make {command}` | {meaning} |" for command, _, _, meaning in commands),
                "| `make urgent` | builds and sends what events ask for, between full builds |",
            ]
        ),
    }
    return {
        "dbt_project.yml": _project(name, crm),
        "packages.yml": _packages(product),
        "profiles.yml": _profiles(name),
        "Makefile": Template((TEMPLATE / "Makefile").read_text()).substitute(words),
        "README.md": Template((TEMPLATE / "README.md").read_text()).substitute(words),
        ".gitignore": (TEMPLATE / "gitignore").read_text(),
        **{f"seeds/{file.name}": _seed(file, name) for file in sorted((PACKAGE / "seeds/company").glob("*.csv"))},
    }


def _target(name: str, script: str, options: str, meaning: str) -> str:
    return f"{name}: env  ## {meaning}\n\t@{SCRIPT.format(script=script, options=options)}\n"


def _project(name: str, crm: str) -> str:
    text = (PACKAGE / "dbt_project.yml").read_text()
    version = re.search(r"(?m)^require-dbt-version: .*$", text).group()
    variables = re.search(r"(?ms)^vars:\n.*?(?=^\S)", text).group()
    variables = re.sub(r"(?m)^(    crm: )\[.*?\]", rf"\1[{crm}]", variables)
    # Rules of the house whose configuration the product ships with.
    rules = sorted(file.stem for file in (PACKAGE / "tests/company").rglob("*.sql"))
    switched_off = "".join(f"    {rule}:\n      +enabled: false\n" for rule in rules)
    return f"""name: {name}
version: "1.0.0"
config-version: 2
{version}
profile: {name}

seed-paths: ["seeds"]
clean-targets: ["target", "logs", "dbt_packages"]

flags:
  send_anonymous_usage_stats: false

# Every var of the package, with the value it has where nothing is said.
{_named(variables, name)}seeds:
  # A seed is the file, columns and all: a table of an older version is replaced, not refilled.
  +full_refresh: true
  expansion_triggers:
    # This project's own seeds of the same names stand in their place.
    company:
      +enabled: false
""" + (f"\ndata_tests:\n  expansion_triggers:\n{switched_off}" if rules else "")


def _packages(product: str) -> str:
    return f"""packages:
  - local: {product}
  # Or, from a repository that holds it:
  # - git: https://git.example/expansion-triggers.git
  #   revision: "1.0.0"
"""


def _profiles(name: str) -> str:
    text = (PACKAGE / "profiles.yml").read_text()
    text = text.replace("expansion_triggers:", f"{name}:", 1)
    return text.replace("module_paths: [scripts]", "module_paths: [dbt_packages/expansion_triggers/scripts]")


def _seed(file: Path, name: str) -> str:
    """The seed's columns with starter rows; a column that the starters do not have is empty in them."""
    with file.open(newline="", encoding="utf-8") as stream:
        reader = csv.DictReader(stream)
        columns, rows = list(reader.fieldnames or []), list(reader)
    starters = TEMPLATE / "starters" / file.name
    if starters.exists():
        column, value = KEPT.get(file.stem, (columns[0], None))
        kept = [row for row in rows if row[column] == value]
        with starters.open(newline="", encoding="utf-8") as stream:
            rows = [*csv.DictReader(stream), *kept]
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, restval="", extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return _named(text.getvalue(), name).replace("$name", name.replace("_", "-"))


def _named(text: str, name: str) -> str:
    """Text in which the company that the product ships with has the name of this one."""
    return text.replace("TeamFlow", name.replace("_", " ").title()).replace("teamflow", name.replace("_", "-"))


if __name__ == "__main__":
    sys.exit(main())
