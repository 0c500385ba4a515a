"""The second net: row-level security of the tables with rows about people, behind the scope that
every question is compiled with. It is asked of whoever does not own them.

A setting that is unset or empty holds nothing: a range from '' to '' has no code in it, and no mark
is in an empty list. Each is read once for a query, not for every row.
"""

from typing import Final

from projections.asking.scope import NO_UNIT, OPEN, SEPARATOR, SETTINGS, STRAYS

_SET: Final = {
    name: f"(SELECT coalesce(current_setting('{setting}', true), ''))"
    for name, setting in SETTINGS.items()
}
_MARKS, _LYING = (
    f"(SELECT string_to_array(nullif(current_setting('{SETTINGS[name]}', true), ''),"
    f" '{SEPARATOR}'))"
    for name in ("marks", "lying")
)
IN_SCOPE: Final = f"""
    (lies_in >= {_SET["lo"]} AND lies_in < {_SET["hi"]})
    OR whose && {_MARKS}
    OR ('{STRAYS}' = ANY(whose) AND whose && {_LYING})
    OR (lies_in >= {_SET["around_lo"]} AND lies_in < {_SET["around_hi"]}
        AND '{NO_UNIT}' = ANY(whose))
"""


def secured(table: str, holds: str = IN_SCOPE) -> str:
    """Return what follows the definition of a table."""
    return f"""
        ; ALTER TABLE {table} ENABLE ROW LEVEL SECURITY
        ; CREATE POLICY in_scope ON {table} FOR SELECT USING ({holds})
    """


def secured_unless_open(table: str) -> str:
    return "" if table in OPEN else secured(table)


FUNCTIONS: Final = """
    CREATE OR REPLACE FUNCTION views.request_in_scope(of uuid) RETURNS boolean
    LANGUAGE plpgsql STABLE COST 10000 SET search_path = views, pg_temp
    SET plan_cache_mode = force_generic_plan SET enable_indexscan = on AS $$
    BEGIN
        RETURN EXISTS (SELECT FROM views.journal j WHERE j.request = of);
    END $$;
    CREATE OR REPLACE FUNCTION views.requests_saying(pieces text[], word text, upto bigint)
    RETURNS SETOF uuid
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = views, pg_temp SET plan_cache_mode = force_custom_plan AS $$
    BEGIN
        IF cardinality(pieces) = 0 THEN
            RETURN QUERY SELECT s.request FROM views.requests s
                          WHERE position(word IN s.body) > 0 AND s.position <= upto;
        ELSE
            RETURN QUERY SELECT s.request FROM views.requests s
                          WHERE s.grams @> pieces AND position(word IN s.body) > 0
                            AND s.position <= upto;
        END IF;
    END $$;
"""
"""Words of requests stand in a table of their own. Behind a policy their index would be lost, for
`@>` might tell of rows that are another's (2 ms became 800); so the search itself is its owner's,
and answers with ids only, of which the journal shows those in scope."""
