"""One place in one archived document: the words around it, what was taken from them, and the original to download."""

from __future__ import annotations

import streamlit as st

from dagster_project.dashboard import queries, routes, state
from dagster_project.dashboard.components import Column, empty, heading, html, subheading, table, text, unmarked
from dagster_project.dashboard.marts import ask, home, rows
from dagster_project.dashboard.wording import place_in_words, web_address
from dagster_project.warehouse import archive

AROUND = 320


def render() -> None:
    """Draw the page."""
    words = state.words()
    key = st.query_params.get("place", "")
    found = rows(queries.PLACE, (key,))
    if not found:
        heading(words("page.evidence"))
        empty(words("empty.evidence"))
        return
    place = found[0]
    state.remember("place", key)
    heading(
        f"{place['department_name']} {place['fiscal_year'] or ''}".strip(),
        f"{place['title'] or ''}  {place['document_name']}".strip(),
    )
    chars = words("place_chars", start=place["char_start"], end=place["char_end"])
    html(f"<p>{text(words('place'))}: {text(place_in_words(words, place))} · {text(chars)}</p>")
    st.page_link(
        routes.page("department", words),
        label=words("open_department"),
        icon=":material/apartment:",
        query_params=state.address(
            department=place["department_key"], year=str(place["fiscal_year"]) if place["fiscal_year"] else None
        ),
    )
    subheading(words("context"), words("context_hint"))
    context = rows(queries.CONTEXT, (key, AROUND, AROUND, AROUND))
    if context:
        c = context[0]
        start = "…" if c["char_start"] > AROUND else ""
        end = "…" if c["char_end"] + AROUND < c["characters"] else ""
        html(
            f'<div class="jx-context" tabindex="0">{start}{text(c["before"])}<mark>{text(c["words"])}</mark>'
            f"{text(c['after'])}{end}</div>"
        )
    else:
        html(f'<div class="jx-quote" tabindex="0">{text(place["quote"])}</div>')
    original = archive.find(home(), place["document_sha256"])
    if original is None:
        empty(words("original_missing"))
    else:
        st.download_button(
            words("download_original", name=unmarked(place["document_name"])),
            original.read_bytes,
            file_name=place["document_name"],
            key="original",
            on_click="ignore",
            icon=":material/download:",
        )
    address = web_address(place["source_page"]) or web_address(place["source_url"])
    if address:
        st.link_button(words("open_source"), address, icon=":material/open_in_new:")
    html(f"<p>{text(words('document_hash'))}: {text(place['document_sha256'])}</p>")
    facts = ask(queries.FACTS_AT, (key, key))
    if facts.rows:
        table(
            words,
            "facts",
            words("facts_here"),
            facts,
            {
                words.pick("account_name_zh", "account_name_en"): Column(words("account")),
                "label": Column(words("label")),
                "measure": Column(words("measure"), shown=lambda code: words.of("measure", code)),
                "fiscal_year": Column(words("year"), "integer"),
                "value_as_written": Column(words("as_written")),
                "unit_as_written": Column(words("unit")),
                "value": Column(words("value"), "money"),
                "unit": Column(f"{words('value')} / {words('unit')}"),
            },
        )
    involved = rows(queries.SAME_DOCUMENT, (key, place["report_key"]))
    if involved:
        subheading(words("involved"))
        items = "".join(
            f'<li><span class="jx-tag jx-{text(i["severity"])}">{text(words.of("severity", i["severity"]))}</span> '
            f"{text(i[words.pick('message_zh', 'message_en')])}</li>"
            for i in involved
        )
        html(f'<ul class="jx-list">{items}</ul>')


if __name__ == "__main__":
    render()
