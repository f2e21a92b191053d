"""Airflow: the daily build as Cosmos' task group, then gate, publishing and push; urgent runs every five minutes.

Cosmos runs each model as a task, so the two DAGs share a pool of one slot, `expansion_warehouse`: one writer at a time.
"""

import os
from datetime import datetime, timedelta
from pathlib import Path

from airflow import DAG
from airflow.operators.bash import BashOperator
from cosmos import DbtTaskGroup, ExecutionConfig, ProfileConfig, ProjectConfig, RenderConfig

PROJECT = Path(os.environ.get("EXPANSION_PROJECT", "/srv/expansion_triggers"))
PYTHON = PROJECT / ".venv/bin/python"
DESTINATION = os.environ.get("EXPANSION_DESTINATION", "hubspot")
POOL = "expansion_warehouse"
DEFAULTS = {"retries": 2, "retry_delay": timedelta(minutes=5), "pool": POOL}


def command(task_id: str, script: str) -> BashOperator:
    """One of the project's commands; exit code 75 (somebody holds the warehouse) is tried again."""
    return BashOperator(task_id=task_id, bash_command=f"cd {PROJECT} && {PYTHON} scripts/{script}", append_env=True)


with DAG(
    "expansion_daily", schedule="30 4 * * *", start_date=datetime(2026, 1, 1), catchup=False, max_active_runs=1,
    default_args=DEFAULTS,
) as daily:  # fmt: skip
    build = DbtTaskGroup(
        group_id="build",
        project_config=ProjectConfig(dbt_project_path=PROJECT),
        profile_config=ProfileConfig(
            profile_name="expansion_triggers", target_name="dev", profiles_yml_filepath=PROJECT / "profiles.yml"
        ),
        execution_config=ExecutionConfig(dbt_executable_path=PROJECT / ".venv/bin/dbt"),
        render_config=RenderConfig(exclude=["resource_type:unit_test"]),
        operator_args={"pool": POOL},
    )
    gate = command("quality_gate", "quality_gate.py")
    publish = command("publish", "publish_marts.py")
    push = command("push", f"push_triggers.py --to {DESTINATION} --now --wait 600")
    build >> gate >> publish >> push

with DAG(
    "expansion_urgent", schedule="*/5 * * * *", start_date=datetime(2026, 1, 1), catchup=False, max_active_runs=1,
    default_args=DEFAULTS,
) as urgent:  # fmt: skip
    command("urgent", f"urgent.py --to {DESTINATION}")
