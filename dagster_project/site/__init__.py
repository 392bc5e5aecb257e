"""Static pages for public disclosure: no server, no script, no outside request; they can be printed, archived, put anywhere.

`build` writes an index and a page a department and year in both languages, the marts as Parquet and CSV, and the data
dictionary. Charts are drawn as SVG in the page itself: a bar needs no program in the reader's browser.
"""

from __future__ import annotations

from dagster_project.site.building import SiteError, build

__all__ = ["SiteError", "build"]
