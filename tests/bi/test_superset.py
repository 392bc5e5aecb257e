"""The Superset bundle, imported and asked in an environment of its own. Opt-in (marker bi): it installs Superset."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
import yaml

from dagster_project.warehouse.home import PROJECT_ROOT, Home

BUNDLE = PROJECT_ROOT / "docs" / "bi" / "superset"
# newer flask-caching breaks Superset's start; rich and cachetools are used and not declared
PACKAGES = [
    "apache-superset==6.1.0",
    "flask-caching<2.5",
    "rich",
    "cachetools",
    "duckdb>=1.4,<1.5",
    "duckdb-engine==0.17.0",
]
ENVIRONMENT = "JIXIAO_SUPERSET_ENV"  # an environment with these packages, to spare the installation

_ASK = """
import json
from superset.app import create_app
app = create_app()
with app.app_context():
    from superset import db, security_manager
    from superset.charts.schemas import ChartDataQueryContextSchema
    from superset.connectors.sqla.models import SqlaTable
    from superset.models.dashboard import Dashboard
    from superset.utils.core import override_user
    answers = {}
    (board,) = db.session.query(Dashboard).filter_by(slug="jixiao").all()
    with override_user(security_manager.find_user("admin")):
        for chart in board.slices:
            form = json.loads(chart.params)
            metrics = form.get("metrics") or ([form["metric"]] if form.get("metric") else [])
            columns = form.get("groupby") or form.get("all_columns") or []
            columns = [form["x_axis"], *columns] if form.get("x_axis") else columns
            query = {"columns": columns, "row_limit": 1000, "filters": []}
            query |= {"metrics": metrics} if metrics else {"is_timeseries": False}
            asked = ChartDataQueryContextSchema().load(
                {"datasource": {"id": chart.datasource_id, "type": "table"}, "queries": [query], "force": True}
            )
            found = asked.get_df_payload(asked.queries[0])
            answers[chart.slice_name] = {"error": found["error"], "rows": found["rowcount"], "data": found["df"].astype(str).values.tolist()}
        database = db.session.query(SqlaTable).first().database
        try:
            database.get_df("create table marts.mine (a int)")
            answers["written"] = True
        except Exception as e:
            answers["written"] = False
    print("ANSWERS" + json.dumps(answers))
"""


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The interpreter of an environment with Superset."""
    if os.environ.get(ENVIRONMENT):
        return Path(os.environ[ENVIRONMENT]) / "bin" / "python"
    folder = tmp_path_factory.mktemp("superset-env")
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    if shutil.which("uv"):
        install = ["uv", "pip", "install", "-q", "-p", str(folder / "bin" / "python")]
    else:
        install = [str(folder / "bin" / "python"), "-m", "pip", "install", "-q"]
    subprocess.run([*install, *PACKAGES], check=True)
    return folder / "bin" / "python"


def test_bundle_refers_to_itself_only() -> None:
    """Cheap, always run: every chart has its dataset, every tile its chart, every dataset its database."""
    read = {p: yaml.safe_load(p.read_text(encoding="utf-8")) for p in BUNDLE.rglob("*.yaml")}
    of = {
        kind: {d["uuid"]: d for p, d in read.items() if kind in p.parts} for kind in ("databases", "datasets", "charts")
    }
    (board,) = [d for p, d in read.items() if "dashboards" in p.parts]
    tiles = [t["meta"]["uuid"] for t in board["position"].values() if isinstance(t, dict) and t.get("type") == "CHART"]
    assert set(tiles) == set(of["charts"])
    assert all(c["dataset_uuid"] in of["datasets"] for c in of["charts"].values())
    assert all(d["database_uuid"] in of["databases"] for d in of["datasets"].values())
    (database,) = of["databases"].values()
    assert database["extra"]["engine_params"]["connect_args"] == {"read_only": True}
    metrics = {u: {m["metric_name"] for m in d["metrics"]} for u, d in of["datasets"].items()}
    for chart in of["charts"].values():
        used = [*chart["params"].get("metrics", []), *filter(None, [chart["params"].get("metric")])]
        assert set(used) <= metrics[chart["dataset_uuid"]]


def test_bundle_names_columns_that_the_marts_have(built_home: Home) -> None:
    import duckdb

    with duckdb.connect(str(built_home.published), read_only=True) as con:
        for path in (BUNDLE / "datasets").rglob("*.yaml"):
            dataset = yaml.safe_load(path.read_text(encoding="utf-8"))
            found = {
                c
                for (c,) in con.execute(f"select column_name from (describe marts.{dataset['table_name']})").fetchall()
            }
            assert {c["column_name"] for c in dataset["columns"]} <= found
            for metric in dataset["metrics"]:
                con.execute(f"select {metric['expression']} from marts.{dataset['table_name']}").fetchall()


@pytest.mark.bi
@pytest.mark.timeout(1800)
def test_imported_bundle_answers(python: Path, built_home: Home, tmp_path: Path) -> None:
    bundle = tmp_path / "bundle.zip"
    with zipfile.ZipFile(bundle, "w") as packed:
        for file in BUNDLE.rglob("*.yaml"):
            text = file.read_text(encoding="utf-8").replace(
                "duckdb:////data/published/jixiao.duckdb", f"duckdb:///{built_home.published}"
            )
            packed.writestr(f"jixiao/{file.relative_to(BUNDLE)}", text)
    config = tmp_path / "superset_config.py"
    config.write_text("SECRET_KEY = 'only for this test'\nWTF_CSRF_ENABLED = False\n")
    environment = {
        "PATH": f"{python.parent}:{os.environ['PATH']}",
        "HOME": str(tmp_path),
        "SUPERSET_HOME": str(tmp_path),
        "SUPERSET_CONFIG_PATH": str(config),
        "FLASK_APP": "superset",
        "LANG": "C.UTF-8",
    }

    def superset(*words: str) -> None:
        done = subprocess.run(
            [str(python.parent / "superset"), *words], env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]

    superset("db", "upgrade")
    superset(
        *("fab", "create-admin", "--username", "admin", "--firstname", "a", "--lastname", "b"),
        *("--email", "a@example.org", "--password", "only for this test"),
    )
    superset("init")
    superset("import-dashboards", "-p", str(bundle), "-u", "admin")
    done = subprocess.run([str(python), "-c", _ASK], env=environment, capture_output=True, text=True, check=False)
    lines = [line for line in done.stdout.splitlines() if line.startswith("ANSWERS")]
    assert lines, done.stdout[-2000:] + done.stderr[-4000:]
    answers = json.loads(lines[0].removeprefix("ANSWERS"))
    assert answers.pop("written") is False
    assert len(answers) == 7
    for name, answer in answers.items():
        assert not answer["error"], f"{name}: {answer['error']}"
        assert answer["rows"] > 0, name
    assert answers["部门数 Departments"]["data"] == [["5"]]
