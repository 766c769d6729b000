"""Newest wins: rows of a file added to a table's history, and the rows that hold now marked.

One rule decides, within a file and across files: of one unit (an order, a claim, a return line)
the state with the latest version_at holds; at equal times the file loaded later, and in one file
the later line. An older state never replaces a newer one, whatever the order of loading. Since the
history keeps every state that any file told, taking a file out leaves what the others tell.
"""

from __future__ import annotations

from dataclasses import dataclass

from claimstats.book import Book

NO_VERSION = "TIMESTAMP '1900-01-01'"
"""Below every real version: a state whose time is unknown gives way to one whose time is known."""

OWN_COLUMNS = frozenset({"version_at", "file_id", "line_no", "is_current"})


@dataclass(frozen=True)
class Target:
    """A table and what identifies its rows.

    Parameters
    ----------
    table
        The table's name in the schema history.
    key
        The columns that identify a row.
    unit
        The columns that identify what is replaced as a whole: an order's lines go together.
    topic
        The columns that identify what several rows are about; empty where none does.
    is_dated
        Whether the venue dates each state itself, so that a newer date alone is a change.
    place
        The key's column that is not stored: the place of a row within its unit.
    """

    table: str
    key: tuple[str, ...]
    unit: tuple[str, ...]
    topic: tuple[str, ...]
    is_dated: bool
    place: str

    @property
    def counts_equal_rows(self) -> bool:
        """Whether two equal rows of one file are two, for nothing else tells them apart."""
        return bool(self.place) or "occurrence" in self.key


def _target(
    table: str,
    *key: str,
    unit: tuple[str, ...] | None = None,
    topic: tuple[str, ...] = (),
    is_dated: bool = False,
    place: str = "",
) -> Target:
    return Target(table, key, key if unit is None else unit, topic, is_dated, place)


TARGETS = {
    target.table: target
    for target in (
        _target(
            "order_lines", "channel", "order_id", "item_no",
            unit=("channel", "order_id"), is_dated=True, place="item_no",
        ),
        _target(
            "returns", "channel", "origin", "order_id", "rma_id", "sku", "return_key", "occurrence"
        ),
        _target(
            "replacements",
            "channel", "replacement_order_id", "sku", "shipped_at", "fulfilment_centre",
            "occurrence",
        ),
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
        _target("evidence_files", "folder", "path"),
        _target("file_claims", "file_key", "program", "claim_id", unit=("file_key",)),
        _target(
            "ledger_lines", "origin", "unit_key", "line_key", "occurrence",
            unit=("origin", "unit_key"),
        ),
        _target("inventory_events", "channel", "line_key", "occurrence"),
        _target(
            "control_totals",
            "channel", "origin", "marketplace", "metric", "fulfilment", "period_from", "period_to",
        ),
    )
}  # fmt: skip


def upsert(book: Book, table: str) -> dict[str, int]:
    """Add ``incoming_<table>`` to the table's history and mark what holds now.

    Returns
    -------
    dict
        How many incoming rows were ``inserted``, ``updated``, ``unchanged``, ``older`` (than the
        state the book holds) or ``superseded`` (by another row of the same file); and how many of
        the updated ones are ``tied``: they differ from a state of the same time.
    """
    target = TARGETS[table]
    incoming = set(book.column_names(f"incoming_{table}"))
    columns = [c for c in book.column_names(f"history.{table}") if c in incoming]
    book.execute(_fates_sql(target, columns))
    book.execute(_apply_sql(target, columns))
    counted = book.rows("SELECT fate, count(*) AS n FROM fates GROUP BY fate")
    tied = book.value("SELECT count(*) FROM fates WHERE is_tied")
    line_no = book.value("SELECT min(line_no) FROM fates WHERE fate = 'superseded'")
    book.execute("DROP TABLE fates")
    return {row["fate"]: row["n"] for row in counted} | {
        "tied": tied,
        "superseded_line": line_no or 0,
    }


def take_out(book: Book, file_id: int) -> None:
    """Take a file's rows out of every history; what it had replaced holds again."""
    for target in TARGETS.values():
        book.execute(_take_out_sql(target, file_id))


def count_not_told_again(book: Book, table: str) -> int:
    """How many rows hold, from other files, of a topic that ``incoming_<table>`` has.

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


def contradicted(book: Book, table: str) -> tuple[int, int, list[str]] | None:
    """Rows of ``incoming_<table>`` that a later row of the same file contradicts.

    Only rows of the same time can: a state of another time is another state.

    Returns
    -------
    tuple or None
        How many there are, the line of the first, and the columns that differ; None for none.
    """
    target = TARGETS[table]
    names = book.column_names(f"incoming_{table}")
    content = [name for name in names if name not in OWN_COLUMNS and name not in target.key]
    differs = {name: f"s.{name} IS DISTINCT FROM w.{name}" for name in content}
    same = ("version_at", *(name for name in target.key if name != target.place))
    flags = ", ".join(f"bool_or({differ}) AS {name}" for name, differ in differs.items())
    (found,) = book.rows(f"""
        WITH last_told AS (
            SELECT * FROM incoming_{table}
            QUALIFY row_number() OVER (PARTITION BY {", ".join(same)} ORDER BY line_no DESC) = 1
        )
        SELECT count(*) AS n_told, min(s.line_no) AS first_told, {flags}
        FROM incoming_{table} AS s
        JOIN last_told AS w ON s.line_no < w.line_no AND {_same("s", "w", same)}
        WHERE {" OR ".join(differs.values())}
    """)
    if not found["n_told"]:
        return None
    return found["n_told"], found["first_told"], [name for name in content if found[name]]


def _same(left: str, right: str, names: tuple[str, ...] | list[str]) -> str:
    return " AND ".join(f"{left}.{n} IS NOT DISTINCT FROM {right}.{n}" for n in names)


def _placed(target: Target, within: str) -> str:
    """The column for a key's place within its unit, where the table does not store it."""
    if not target.place:
        return ""
    return f", row_number() OVER (PARTITION BY {within} ORDER BY line_no) AS {target.place}"


def _fates_sql(target: Target, columns: list[str]) -> str:
    """Each incoming row with its fate, decided by its unit's version and its own content."""
    content = [name for name in columns if name not in OWN_COLUMNS and name not in target.key]
    unit = ", ".join(target.unit)
    same_time = "AND i.version = h.held_version" if target.is_dated else ""
    return f"""
        CREATE OR REPLACE TEMP TABLE fates AS
        WITH incoming AS (
            SELECT *, coalesce(version_at, {NO_VERSION}) AS version
                {_placed(target, f"{unit}, version_at")}
            FROM incoming_{target.table}
        ),
        ranked AS (
            SELECT
                *,
                max(version) OVER (PARTITION BY {unit}) AS newest,
                row_number() OVER (
                    PARTITION BY {", ".join(target.key)} ORDER BY version DESC, line_no DESC
                ) AS place
            FROM incoming
        ),
        holding AS (
            SELECT t.* {_placed(target, f"t.{', t.'.join(target.unit)}")}
            FROM history.{target.table} AS t
            SEMI JOIN incoming AS i ON {_same("t", "i", target.unit)}
            WHERE t.is_current
        ),
        held AS (
            SELECT {unit}, max(coalesce(version_at, {NO_VERSION})) AS held_version
            FROM holding GROUP BY {unit}
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
        LEFT JOIN holding AS t ON {_same("t", "i", target.key)}
    """


def _apply_sql(target: Target, columns: list[str]) -> str:
    """Keep every incoming state, and let those that win hold in the place of the old."""
    return f"""
        UPDATE history.{target.table} AS t SET is_current = false
        FROM (
            SELECT DISTINCT {", ".join(target.unit)} FROM fates
            WHERE fate IN ('inserted', 'updated', 'unchanged')
        ) AS f
        WHERE t.is_current AND {_same("t", "f", target.unit)};

        INSERT INTO history.{target.table} BY NAME
        SELECT {", ".join(columns)}, fate IN ('inserted', 'updated', 'unchanged') AS is_current
        FROM fates ORDER BY line_no;
    """


def _take_out_sql(target: Target, file_id: int) -> str:
    """Delete a file's rows, and let the newest of what is left of their units hold."""
    table, unit = f"history.{target.table}", ", ".join(target.unit)
    key = ", ".join(name for name in target.key if name != target.place)
    first = (
        ""
        if target.place
        else f"QUALIFY row_number() OVER (PARTITION BY {key} ORDER BY line_no DESC) = 1"
    )
    return f"""
        CREATE OR REPLACE TEMP TABLE left_open AS
        SELECT DISTINCT {unit} FROM {table} WHERE file_id = {file_id} AND is_current;

        DELETE FROM {table} WHERE file_id = {file_id};

        UPDATE {table} AS t SET is_current = true
        FROM (
            SELECT rid FROM (
                SELECT
                    s.*, s.rowid AS rid,
                    rank() OVER (
                        PARTITION BY {unit}
                        ORDER BY coalesce(version_at, {NO_VERSION}) DESC, file_id DESC
                    ) AS place_of_state
                FROM {table} AS s
                SEMI JOIN left_open AS o ON {_same("s", "o", target.unit)}
            )
            WHERE place_of_state = 1 {first}
        ) AS w
        WHERE t.rowid = w.rid;
    """
