"""Newest wins: rows of a file merged into a table, each counted once for what became of it.

One rule decides, within a file and across files: of one unit (an order, a claim, a return line)
the state with the latest version_at holds; at equal times the file loaded later, and in one file
the later line. An older state never replaces a newer one, whatever the order of loading.
"""

from __future__ import annotations

from dataclasses import dataclass

from claimstats.book import Book

NO_VERSION = "TIMESTAMP '1900-01-01'"
"""Below every real version: a state whose time is unknown gives way to one whose time is known."""

OWN_COLUMNS = frozenset({"version_at", "file_id", "line_no"})


@dataclass(frozen=True)
class Target:
    """A table and what identifies its rows.

    Parameters
    ----------
    table
        The table's name.
    key
        The columns that identify a row.
    unit
        The columns that identify what is replaced as a whole: an order's lines go together.
    topic
        The columns that identify what several rows are about; empty where none does.
    is_dated
        Whether the venue dates each state itself, so that a newer date alone is a change.
    """

    table: str
    key: tuple[str, ...]
    unit: tuple[str, ...]
    topic: tuple[str, ...]
    is_dated: bool


def _target(
    table: str,
    *key: str,
    unit: tuple[str, ...] | None = None,
    topic: tuple[str, ...] = (),
    is_dated: bool = False,
) -> Target:
    return Target(table, key, key if unit is None else unit, topic, is_dated)


TARGETS = {
    target.table: target
    for target in (
        _target("orders", "channel", "order_id", is_dated=True),
        _target(
            "order_items", "channel", "order_id", "item_no",
            unit=("channel", "order_id"), is_dated=True,
        ),
        _target("returns", "channel", "order_id", "rma_id", "sku", "occurrence"),
        _target(
            "reimbursements",
            "channel", "reimbursement_id", "reason_raw", "fnsku", "sku", "occurrence",
        ),
        _target("claim_records", "program", "claim_id", "origin"),
        _target(
            "claim_events", "program", "claim_id", "type_raw", "occurred_at", "occurrence",
            topic=("program", "claim_id"),
        ),
        _target(
            "evidence", "program", "claim_id", "kind_raw", "item_key", "occurrence",
            topic=("program", "claim_id"),
        ),
    )
}  # fmt: skip


def upsert(book: Book, table: str) -> dict[str, int]:
    """Merge ``incoming_<table>`` into the table.

    Returns
    -------
    dict
        How many incoming rows were ``inserted``, ``updated``, ``unchanged``, ``older`` (than the
        state the book holds) or ``superseded`` (by another row of the same file); and how many of
        the updated ones are ``tied``: they differ from a state of the same time.
    """
    target = TARGETS[table]
    columns = book.column_names(table)
    book.execute(_fates_sql(target, columns))
    book.execute(_apply_sql(target, columns))
    counted = book.rows("SELECT fate, count(*) AS n FROM fates GROUP BY fate")
    tied = book.value("SELECT count(*) FROM fates WHERE is_tied")
    book.execute("DROP TABLE fates")
    return {row["fate"]: row["n"] for row in counted} | {"tied": tied}


def count_not_told_again(book: Book, table: str) -> int:
    """How many rows the table holds, from other files, of a topic that ``incoming_<table>`` has.

    They may be wrong by now (a corrected date is another event) or right (a file that tells only
    what is new): they are kept, and the user is told.
    """
    target = TARGETS[table]
    if not target.topic:
        return 0
    found = book.value(f"""
        SELECT count(*) FROM {table} AS t
        SEMI JOIN incoming_{table} AS i ON {_same("t", "i", target.topic)}
        ANTI JOIN incoming_{table} AS i ON {_same("t", "i", target.key)}
    """)
    assert isinstance(found, int)
    return found


def _same(left: str, right: str, names: tuple[str, ...] | list[str]) -> str:
    return " AND ".join(f"{left}.{n} IS NOT DISTINCT FROM {right}.{n}" for n in names)


def _fates_sql(target: Target, columns: list[str]) -> str:
    """Each incoming row with its fate, decided by its unit's version and its own content."""
    content = [name for name in columns if name not in OWN_COLUMNS and name not in target.key]
    unit = ", ".join(target.unit)
    same_time = "AND i.version = h.held_version" if target.is_dated else ""
    return f"""
        CREATE OR REPLACE TEMP TABLE fates AS
        WITH ranked AS (
            SELECT
                *,
                coalesce(version_at, {NO_VERSION}) AS version,
                max(coalesce(version_at, {NO_VERSION})) OVER (PARTITION BY {unit}) AS newest,
                row_number() OVER (
                    PARTITION BY {", ".join(target.key)}
                    ORDER BY coalesce(version_at, {NO_VERSION}) DESC, line_no DESC
                ) AS place
            FROM incoming_{target.table}
        ),
        held AS (
            SELECT {unit}, max(coalesce(version_at, {NO_VERSION})) AS held_version
            FROM {target.table} GROUP BY {unit}
        )
        SELECT
            i.*,
            CASE
                WHEN i.version < i.newest OR i.place > 1 THEN 'superseded'
                WHEN h.held_version IS NULL THEN 'inserted'
                WHEN i.version < h.held_version THEN 'older'
                WHEN t.file_id IS NULL THEN 'inserted'
                WHEN {_same("t", "i", content)} {same_time} THEN 'unchanged'
                ELSE 'updated'
            END AS fate,
            fate = 'updated' AND i.version = h.held_version AS is_tied
        FROM ranked AS i
        LEFT JOIN held AS h ON {_same("h", "i", target.unit)}
        LEFT JOIN {target.table} AS t ON {_same("t", "i", target.key)}
    """


def _apply_sql(target: Target, columns: list[str]) -> str:
    """Put the new states in the place of the old."""
    return f"""
        DELETE FROM {target.table} AS t
        USING (SELECT * FROM fates WHERE fate = 'updated') AS f
        WHERE {_same("t", "f", target.key)};

        {_drop_surplus_sql(target) if target.unit != target.key else ""}

        UPDATE {target.table} AS t SET version_at = f.version_at
        FROM fates AS f
        WHERE f.fate = 'unchanged' AND {_same("t", "f", target.key)}
            AND f.version_at > coalesce(t.version_at, {NO_VERSION});

        INSERT INTO {target.table} BY NAME
        SELECT {", ".join(columns)} FROM fates WHERE fate IN ('inserted', 'updated');
    """


def _drop_surplus_sql(target: Target) -> str:
    """Take out the rows of a replaced unit that its new state no longer has."""
    return f"""
        DELETE FROM {target.table} AS t
        WHERE EXISTS (
            SELECT 1 FROM fates AS f
            WHERE f.fate IN ('inserted', 'updated', 'unchanged') AND {_same("t", "f", target.unit)}
        ) AND NOT EXISTS (
            SELECT 1 FROM fates AS f
            WHERE f.fate NOT IN ('superseded', 'older') AND {_same("t", "f", target.key)}
        );
    """
