"""An adviser's own score: what the published rules give him so far, item by item, each point with
the records that it stands on; and what was determined of him, with what he may do against it."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Final

from msgspec import Struct, ValidationError, convert

from api.pages.asking import ask
from api.pages.declared import Declared
from api.pages.page import Html, Page, Visit, url
from api.pages.tongue import Tongue
from api.web.problems import PROBLEMS, Problem, slug_of
from api.words.facts import FACTS, STANDINGS
from domain.codes import EvaluationPeriod
from domain.registers.appointment import china_day
from domain.vocabulary import Refused
from domain.worktime.period import days_of, month_of

UNDER: Final = "/score"
RECORDS_MAX: Final = 60
"""Records named below one item; of more, how many they are."""
EVALUATIONS_MAX: Final = 100
PAGES: Final[Mapping[str, str]] = {
    "visit": "/worklogs/", "service": "/requests/", "inspection": "/inspections/",
    "rectification": "/rectifications/",
}  # fmt: skip
"""Kind of fact whose stream is a thing with a page → where that is."""
OF_MONTHS: Final = ("duty", "quota")
HUNDRED: Final = 100


class Record(Struct, frozen=True, kw_only=True):
    """What a point stands on, or why something does not count."""

    text: str
    link: str | None
    why: str = ""


class Leaf(Struct, frozen=True, kw_only=True):
    """One item of the rule set."""

    name: str
    score: str
    maximum: str
    how: str
    short: bool
    used: tuple[Record, ...] = ()
    against: tuple[Record, ...] = ()
    unused: tuple[Record, ...] = ()
    more: int = 0
    """Records that are not named here."""


class Group(Struct, frozen=True, kw_only=True):
    name: str
    score: str
    maximum: str
    leaves: tuple[Leaf, ...]


class Trial(Struct, frozen=True, kw_only=True):
    """The score so far."""

    score: str
    grade: str | None
    groups: tuple[Group, ...]
    vetoes: tuple[str, ...]
    position: int
    calendar: str


class Published(Struct, frozen=True, kw_only=True):
    """What was determined, and what may be done about it."""

    title: str
    link: str
    explain: str
    score: str | None
    grade: str | None
    until: datetime | None
    objection: str | None
    objections: tuple[tuple[str, str | None], ...]
    """Each with how it stands, and where an appeal is filed if that may be."""


class ScorePage:
    def __init__(self, declared: Declared) -> None:
        self._declared = declared

    def pages(self) -> tuple[Page, ...]:
        return (Page(under=UNDER, of="TrialRun", show=self.show),)

    async def show(self, visit: Visit) -> Html:
        code, say = visit.actor.adviser, visit.tongue.say
        if code is None:
            return Html(template="no_adviser.html", context={"title": say("得分")})
        today = china_day(datetime.now(UTC))
        period = _period(visit) or str(today.year)
        rules, lines = await self._rules(visit, today), await self._lines(visit, code)
        chosen = next((one for one in rules if one.code == visit.query.get("ruleset")), None)
        chosen = chosen or next(iter(rules), None)
        ref, trial = None, None
        why = say("还没有公布法律顾问的评分标准，现在没有可以试算的")
        if chosen is not None:
            asked = {"ruleset": f"{chosen.code}@{chosen.version}", "period": period}
            for line in lines:
                # What was opened goes by its own version.
                if (line.ruleset.partition("@")[0], line.period) == (chosen.code, period):
                    asked |= {"ruleset": line.ruleset, "division": line.division}
            ref = asked["ruleset"]
            trial, why = await self._trial(visit, {**asked, "subjects": code})
        return Html(
            template="score.html",
            context={
                "title": say("我的得分"),
                "period": period,
                "earlier": str(int(period[:4]) - 1),
                "rules": rules,
                "chosen": chosen,
                "ref": ref,
                "trial": trial,
                "why": why,
                "published": [
                    _determined(visit, code, await self._evaluation(visit, line))
                    for line in reversed(lines)
                    if line.determinations
                ],
                "running": days_of(period).last >= today,
                "as_of": datetime.now(UTC),
            },
        )

    # --- so far

    async def _rules(self, visit: Visit, today: date) -> Sequence[Any]:
        asked = {"subject": "adviser", "effective_by": today}
        found = await ask(visit, self._declared.questions["RuleSets"], {}, asked)
        rows: Sequence[Any] = found.body.rows
        return rows

    async def _trial(self, visit: Visit, asked: Mapping[str, str]) -> tuple[Trial | None, str]:
        """Tell what the rules give until now; or why they cannot tell."""
        try:
            found = (await ask(visit, self._declared.questions["TrialRun"], {}, asked)).body
        except Problem as problem:
            title = PROBLEMS[problem.slug][1]
            return None, visit.tongue.problem(problem.slug, title)
        except Refused as refused:
            return None, visit.tongue.problem(slug_of(type(refused)), refused.reason())
        if not found.results:
            return None, visit.tongue.say("这一期没有你的考核内容")
        (one,) = found.results
        return Trial(
            score=one.result.score,
            grade=one.result.grade,
            groups=tuple(_groups(one.tree, visit.tongue)),
            vetoes=tuple(veto["name"] for veto in one.tree.get("vetoes", ()) if veto["raised"]),
            position=found.position,
            calendar=found.calendar,
        ), ""

    # --- determined

    async def _lines(self, visit: Visit, code: str) -> Sequence[Any]:
        """Evaluations of him, the oldest first."""
        asked = {"subject": code, "limit": EVALUATIONS_MAX}
        question = self._declared.questions["Evaluations"]
        found: Sequence[Any] = (await ask(visit, question, {}, asked)).body.evaluations
        return found

    async def _evaluation(self, visit: Visit, line: Any) -> Any:
        path = {"id": line.id}
        return (await ask(visit, self._declared.questions["Evaluation"], path, {})).body


def _period(visit: Visit) -> str | None:
    asked = visit.query.get("period")
    if asked is None:
        return None
    try:
        return convert(asked, EvaluationPeriod)
    except ValidationError as error:
        raise Problem("malformed", "period") from error


def _determined(visit: Visit, code: str, one: Any) -> Published:
    state, here = one.state, f"/evaluations/{one.id}"
    result = state.standing.get(code)
    until = state.determinations[-1].objections_until
    may_object = "FileObjection" in one.allowed and datetime.now(UTC) <= until
    own = [filed for filed in state.objections if filed.filed.subject == code]
    return Published(
        title=f"{state.opened.period} {state.opened.ruleset}",
        link=here,
        explain=f"{here}/explain/{code}",
        score=None if result is None else result.score,
        grade=None if result is None else result.grade,
        until=until,
        objection=url(f"{here}/file-objection", subject=code) if may_object else None,
        objections=tuple(_objections(visit, own, here, one.allowed)),
    )


def _objections(
    visit: Visit, own: Sequence[Any], here: str, allowed: Sequence[str]
) -> Iterator[tuple[str, str | None]]:
    say, tongue = visit.tongue.say, visit.tongue
    for one in own:
        appeal = None
        if one.decided is not None:
            text = say("复核支持") if one.decided.upheld else say("复核维持原结果")
        elif one.appeal is not None:
            text = say("已申请复核，等决定")
        elif one.answered is None:
            text = say("已提出异议，等答复")
        elif one.answered.upheld:
            text = say("异议成立")
        else:
            text = say("异议没有被采纳")
            until = one.answered.appeal_until
            if until is not None and datetime.now(UTC) <= until and "FileAppeal" in allowed:
                appeal = url(f"{here}/file-appeal", number=one.filed.number)
                text = say("异议没有被采纳，{when}前可以申请复核", when=tongue.when(until))
        yield text, appeal


# --- the tree


def _groups(tree: Mapping[str, Any], tongue: Tongue) -> Iterator[Group]:
    """Yield the groups of items, then what is added besides."""
    for item in tree["items"]:
        leaves = item.get("items") or (item,)
        yield Group(
            name=item["name"],
            score=item["score"],
            maximum=item["maximum"],
            leaves=tuple(_leaf(one, tongue) for leaf in leaves for one in _flat(leaf)),
        )
    if bonuses := tree.get("bonuses"):
        total = sum((Decimal(one["score"]) for one in bonuses), Decimal(0))
        yield Group(
            name=tongue.say("加分"),
            score=str(total),
            maximum="",
            leaves=tuple(_leaf(one, tongue, owed=False) for one in bonuses),
        )


def _flat(item: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    if "items" not in item:
        yield item
        return
    for one in item["items"]:
        yield from _flat(one)


def _leaf(leaf: Mapping[str, Any], tongue: Tongue, *, owed: bool = True) -> Leaf:
    named = {kind: leaf.get(kind, ()) for kind in ("used", "against", "unused")}
    shown = {
        kind: tuple(_record(one, tongue) for one in records[:RECORDS_MAX])
        for kind, records in named.items()
    }
    return Leaf(
        name=leaf["name"],
        score=leaf["score"],
        maximum=leaf["maximum"],
        how=_how(leaf, tongue),
        short=owed
        and not leaf.get("not_scored")
        and Decimal(leaf["score"]) < Decimal(leaf["maximum"]),
        more=sum(max(0, len(one) - RECORDS_MAX) for one in named.values()),
        **shown,
    )


def _how(leaf: Mapping[str, Any], tongue: Tongue) -> str:
    """Say what was measured, with what it was measured against."""
    say = tongue.say
    if leaf.get("not_scored"):
        return say("没有可以计的，不计分也不扣分")
    if leaf["value"] is None:
        return say("要由人打分，还没有打")
    if "scorers" in leaf:
        return say("由人打分")
    if "denominator" in leaf:
        share = Decimal(leaf["value"]) * HUNDRED
        return say(
            "{part} / {whole}，{share}%",
            part=leaf["numerator"], whole=leaf["denominator"], share=f"{share:.1f}",
        )  # fmt: skip
    return say("算得 {value}", value=leaf["value"])


def _record(ref: Mapping[str, Any], tongue: Tongue) -> Record:
    kind, reason = ref["fact"], ref.get("reason", "")
    named = tongue.words(FACTS[kind]) if kind in FACTS else kind
    why = tongue.words(STANDINGS[reason]) if reason in STANDINGS else reason
    if ref.get("hidden"):
        # That there is a complaint is counted; which, the one complained of is not told.
        return Record(text=named, link=None, why=why or tongue.say("内容不公开"))
    day = date.fromisoformat(ref["day"][:10])
    link = f"/events/{ref['positions'][-1]}" if ref.get("positions") else None
    if kind in PAGES:
        link = PAGES[kind] + ref["stream"]
    elif kind in OF_MONTHS:
        link = url("/month", month=month_of(day))
    amount = f" {ref['amount']}" if "amount" in ref else ""
    return Record(text=f"{tongue.day(day)} {named}{amount}", link=link, why=why)
