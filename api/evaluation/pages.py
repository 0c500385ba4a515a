"""Pages of evaluation: an adviser's own score."""

from api.evaluation.score import ScorePage
from api.pages.declared import Declared
from api.pages.page import Page


def pages(declared: Declared) -> tuple[Page, ...]:
    return ScorePage(declared).pages()
