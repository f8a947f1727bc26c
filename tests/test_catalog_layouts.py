"""Catalogs that another version of Dossier made: brought up to date, or refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import text

from index.catalog import Catalog
from index.errors import StoreBroken
from tests.test_catalog import put, show_all


def test_a_catalog_of_another_layout_is_refused(tmp_path: Path) -> None:
    catalog = Catalog(tmp_path)
    with catalog._engine.begin() as connection:
        connection.execute(text("update meta set value = '99' where key = 'schema'"))
    catalog.close()
    with pytest.raises(StoreBroken, match="layout 99"):
        Catalog(tmp_path)


def test_a_catalog_of_the_second_layout_gets_the_new_index(tmp_path: Path) -> None:
    catalog = Catalog(tmp_path)
    with catalog._engine.begin() as connection:
        for statement in (
            "drop index versions_of_document",
            "create index ix_versions_document_id on versions (document_id)",
            "update meta set value = '2' where key = 'schema'",
        ):
            connection.execute(text(statement))
    catalog.close()
    catalog = Catalog(tmp_path)
    with catalog._engine.begin() as connection:
        names = set(connection.execute(text("select name from sqlite_master where type = 'index'")).scalars())
    assert "versions_of_document" in names
    assert "ix_versions_document_id" not in names
    catalog.close()


def test_a_catalog_of_the_first_layout_is_brought_up_and_keeps_what_it_holds(tmp_path: Path) -> None:
    catalog = Catalog(tmp_path)
    catalog.claim_embedder("embedder", 4)
    plan = put(catalog, "r/a.txt", "words that stay")
    with catalog._engine.begin() as connection:
        for statement in (
            "drop table bands",
            "alter table versions drop column layout",
            "alter table versions drop column signature",
            "update meta set value = '1' where key = 'schema'",
        ):
            connection.execute(text(statement))
    catalog.close()
    for _ in range(2):
        catalog = Catalog(tmp_path)
        show_all(catalog)
        assert catalog.shelf.document(plan.document_id).text == "words that stay"
        assert catalog.shelf.layout(plan.document_id) is None
        assert catalog.copies.of(plan.document_id) == ()
        catalog.close()
