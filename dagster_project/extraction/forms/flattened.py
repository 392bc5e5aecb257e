from dagster_project.extraction.forms.rows import Row
def unflatten(rows: list[Row], text: str) -> list[Row]:
    return rows
