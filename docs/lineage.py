"""Which columns of a book an export's columns go into, read from its mapping by DuckDB's parser.

A value is traced through the temporary tables of a mapping. What only orders, numbers or filters
rows is no source of a value: conditions of WHERE and QUALIFY and windows that count are left out.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

import duckdb

from claimstats import sql
from claimstats.loaders.spec import Export

Node = dict[str, Any]
Fields = frozenset[str]
Columns = dict[str, Fields]
Relations = dict[str, Columns]

MADE = re.compile(
    r"\s*CREATE\s+(?:OR\s+REPLACE\s+)?TEMP(?:ORARY)?\s+(?:TABLE|VIEW)\s+(\w+)\s+AS\b(.*)",
    re.IGNORECASE | re.DOTALL,
)
FILLED = re.compile(r"\s*INSERT\s+INTO\s+(\w+)(?:\s+BY\s+NAME)?\b(.*)", re.IGNORECASE | re.DOTALL)

NOWHERE: Fields = frozenset()


def destinations(export: Export) -> dict[str, list[str]]:
    """For each stored field of an export the columns, as table.column, that it goes into."""
    tables = _tables_of(sql.read(export.name, "claimstats.loaders.exports"), _typed(export))
    found: dict[str, list[str]] = {column.name: [] for column in export.fields}
    for target in export.targets:
        for name, fields in tables[f"incoming_{target}"].items():
            for field in sorted(fields):
                found[field].append(f"{target}.{name}")
    return found


def _typed(export: Export) -> Columns:
    """The table a mapping starts from."""
    names = [column.name for column in export.stored]
    raw = {f"r_{name}": frozenset({name}) for name in names}
    own = {name: frozenset({name}) for name in names}
    return {"line_no": NOWHERE, "extra": NOWHERE, **raw, **own}


def _tables_of(mapping: str, typed: Columns) -> Relations:
    tables: Relations = {"typed": typed}
    with duckdb.connect() as connection:
        for statement in duckdb.extract_statements(mapping):
            text = _without_comments(statement.query)
            found = MADE.match(text) or FILLED.match(text)
            if found is None:
                continue
            answer = connection.execute("SELECT json_serialize_sql($1)", [found[2]]).fetchall()
            tree = json.loads(answer[0][0])
            if tree["error"]:
                raise ValueError(f"{found[1]}: {tree['error_message']}")
            made = _columns(tree["statements"][0]["node"], tables)
            tables[found[1]] = _merged([tables.get(found[1], {}), made])
    return tables


def _without_comments(text: str) -> str:
    """The statement without the comment lines above it, and its end."""
    return re.sub(r"\A(?:\s*--[^\n]*\n)*", "", text).rstrip().rstrip(";")


def _columns(node: Node, outer: Relations) -> Columns:
    """The columns that a query gives, each with the fields it is made of."""
    scope = dict(outer)
    for cte in node["cte_map"]["map"]:
        value = cte["value"]
        scope[cte["key"]] = _columns(value.get("query_node") or value["query"]["node"], scope)
    if node["type"] == "SET_OPERATION_NODE":
        parts = node.get("children") or [node["left"], node["right"]]
        columns = [_columns(part, scope) for part in parts]
        by_name = node["setop_type"].endswith("BY_NAME")
        return _merged(columns) if by_name else _stacked(columns)
    if node["type"] == "SELECT_NODE":
        return _selected(node, scope)
    raise ValueError(f"a query of the kind {node['type']} is not read here")


def _merged(parts: Iterable[Columns]) -> Columns:
    merged: Columns = {}
    for part in parts:
        for name, fields in part.items():
            merged[name] = merged.get(name, NOWHERE) | fields
    return merged


def _stacked(parts: list[Columns]) -> Columns:
    """Columns by their places, with the names of the first part."""
    rows = zip(*(part.values() for part in parts), strict=True)
    return {name: NOWHERE.union(*row) for name, row in zip(parts[0], rows, strict=True)}


def _selected(node: Node, scope: Relations) -> Columns:
    relations = dict(_relations(node["from_table"], scope))
    made: Columns = {}
    for place, item in enumerate(node["select_list"]):
        if item["class"] == "STAR":
            made |= _starred(item, relations, made)
        else:
            last = item.get("column_names", [f"column{place}"])[-1]
            made[item["alias"] or last] = _sources(item, relations, made)
    return made


def _starred(item: Node, relations: Relations, made: Columns) -> Columns:
    named = item["relation_name"]
    columns = _merged(c for name, c in relations.items() if named in ("", name))
    for name in item["exclude_list"]:
        columns.pop(name, None)
    for replaced in item["replace_list"]:
        columns[replaced["key"]] = _sources(replaced["value"], relations, made)
    return columns


def _relations(table: Node | None, scope: Relations) -> Iterator[tuple[str, Columns]]:
    """The relations of a FROM clause by the names they have there."""
    if table is None or table["type"] == "EMPTY":
        return
    if table["type"] == "JOIN":
        yield from _relations(table["left"], scope)
        yield from _relations(table["right"], scope)
    elif table["type"] == "SUBQUERY":
        yield table["alias"], _columns(table["subquery"]["node"], scope)
    elif table["type"] == "BASE_TABLE":
        name = table["table_name"]
        yield table["alias"] or name, scope.get(name, {})


def _sources(expression: Any, relations: Relations, made: Columns) -> Fields:
    """The fields that an expression is made of."""
    if isinstance(expression, list):
        return NOWHERE.union(*(_sources(part, relations, made) for part in expression))
    if not isinstance(expression, dict):
        return NOWHERE
    if expression.get("class") == "COLUMN_REF":
        return _referred(expression["column_names"], relations, made)
    if expression.get("class") == "WINDOW":
        expression = {"arguments": expression["arguments"]}
    return NOWHERE.union(*(_sources(part, relations, made) for part in expression.values()))


def _referred(names: list[str], relations: Relations, made: Columns) -> Fields:
    """A column of the relations, else one selected before under that name."""
    *qualified, name = names
    if qualified:
        return relations.get(qualified[-1], {}).get(name, NOWHERE)
    held = [columns[name] for columns in relations.values() if name in columns]
    return NOWHERE.union(*held) if held else made.get(name, NOWHERE)
