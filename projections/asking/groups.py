"""Matters linked as one: which of a group is counted, and which only repeat it.

A group is everything that links connect, in chains as well. The first that is not void counts:
those linked to nothing come first, then by the order of the log. All others not void are repeats.
Links and voids come and go, so each repeat has the positions of the log during which it was one.
"""

from typing import Final, NamedTuple

_ALWAYS: Final = "int8multirange(int8range(0, NULL))"
_ROW: Final = "int8range(position, superseded_at)"


class Linked(NamedTuple):
    """How a view tells of links: `id` is the column of the thing, `links` of those it names."""

    table: str
    id: str
    links: str
    void: str
    """The condition of a row that counts for nothing any more."""


REQUESTS: Final = Linked("views.journal", "request", "originals", "status = 'voided'")
COMPLAINTS: Final = Linked(
    "views.complaints", "stream", "nullif(same_matter, '{}')", "voided OR kind <> 'complaint'"
)


def repeats(of: Linked) -> str:
    """Return common table expressions that end with `repeats (id, during)`; begin with WITH
    RECURSIVE. `during` is a multirange of positions."""
    return f"""
        link AS (
            SELECT {of.id} AS id, other, range_agg({_ROW}) AS during
              FROM {of.table}, unnest({of.links}) AS other
             WHERE {of.links} IS NOT NULL GROUP BY 1, 2),
        joined AS (
            SELECT id, other, range_agg(during) AS during
              FROM (SELECT id, other, during FROM link WHERE id <> other
                     UNION ALL SELECT other, id, during FROM link WHERE id <> other) both_ways
             GROUP BY 1, 2),
        reached AS (
            SELECT id, other, during FROM joined
             UNION
            SELECT r.id, j.other, r.during * j.during
              FROM reached r JOIN joined j ON j.id = r.other
             WHERE j.other <> r.id AND NOT isempty(r.during * j.during)),
        member AS (
            SELECT {of.id} AS id, min(number) AS number,
                   coalesce(range_agg({_ROW}) FILTER (WHERE NOT ({of.void})), '{{}}') AS stands,
                   coalesce(range_agg({_ROW}) FILTER (WHERE {of.links} IS NOT NULL), '{{}}')
                       AS linked
              FROM {of.table}
             WHERE {of.id} IN (SELECT id FROM joined) GROUP BY 1),
        preceded AS (
            SELECT m.id, r.during * m.stands * o.stands * CASE
                       WHEN o.number < m.number THEN {_ALWAYS} - (o.linked - m.linked)
                       ELSE m.linked - o.linked END AS during
              FROM reached r JOIN member m ON m.id = r.id JOIN member o ON o.id = r.other),
        repeats AS (
            SELECT id, range_agg(during) AS during FROM preceded
             WHERE NOT isempty(during) GROUP BY 1)
    """  # noqa: S608


def repeats_at(of: Linked) -> str:
    """Return the same for those that repeat another at the position: `repeated (id)`."""
    return f"""
        {repeats(of)},
        repeated AS (SELECT id FROM repeats WHERE during @> %(position)s::bigint)
    """  # noqa: S608
