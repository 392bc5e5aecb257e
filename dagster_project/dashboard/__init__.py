"""The web dashboard on the published marts: Streamlit pages with Altair charts, in Chinese and English.

It reads the published database only, through `warehouse.query`, with a connection a question, so that a run may publish at
any moment. Nothing here computes a figure: what is shown is what dbt built.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dagster_project.warehouse.home import Home


def serve(home: Home, port: int) -> int:
    """Serve the dashboard of this home on 127.0.0.1 until it is interrupted; returns the exit code of the server."""
    from dagster_project.dashboard import server

    return server.serve(home, port)
