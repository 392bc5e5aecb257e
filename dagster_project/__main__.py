"""`python -m dagster_project` is `jixiao`."""

from dagster_project.cli import main

main()
