"""Dagster: the models as assets (dagster-dbt), a daily job that builds, checks, publishes and pushes, an urgent job."""

import os
import subprocess
from pathlib import Path

from dagster import Definitions, OpExecutionContext, ScheduleDefinition, job, op
from dagster_dbt import DbtCliResource, DbtProject, dbt_assets

PROJECT = Path(os.environ.get("EXPANSION_PROJECT", "/srv/expansion_triggers"))
DESTINATION = os.environ.get("EXPANSION_DESTINATION", "hubspot")
BUSY = 75
dbt_project = DbtProject(project_dir=PROJECT)


@dbt_assets(manifest=dbt_project.manifest_path)
def models(context, dbt: DbtCliResource):
    """To look at lineage and to build a part by hand; the schedules use the project's own commands."""
    yield from dbt.cli(["build", "--exclude-resource-type", "unit_test"], context=context).stream()


def run(*arguments: str) -> int:
    return subprocess.run([PROJECT / ".venv/bin/python", *arguments], cwd=PROJECT, check=False).returncode


@op
def build_and_push(context: OpExecutionContext) -> None:
    commands = (
        ("scripts/build.py", "--wait", "1800"),
        ("scripts/push_triggers.py", "--to", DESTINATION, "--now", "--wait", "600"),
    )
    for command in commands:
        if code := run(*command):
            raise RuntimeError(f"{command[0]} ended with {code}")


@op
def build_and_push_urgent(context: OpExecutionContext) -> None:
    code = run("scripts/urgent.py", "--to", DESTINATION)
    if code not in (0, BUSY):
        raise RuntimeError(f"urgent.py ended with {code}")


@job
def daily():
    build_and_push()


@job
def urgent():
    build_and_push_urgent()


defs = Definitions(
    assets=[models],
    jobs=[daily, urgent],
    schedules=[
        ScheduleDefinition(job=daily, cron_schedule="30 4 * * *", execution_timezone="UTC"),
        ScheduleDefinition(job=urgent, cron_schedule="*/5 * * * *", execution_timezone="UTC"),
    ],
    resources={"dbt": DbtCliResource(project_dir=dbt_project)},
)
