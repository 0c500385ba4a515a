"""Pages of the advisers' work: the month, the work log, and what a committee confirms."""

from api.advising.pages.confirming import ConfirmingPages
from api.advising.pages.log_work import LogWorkPage
from api.advising.pages.month import MonthPage
from api.pages.declared import Declared
from api.pages.page import Page


def pages(declared: Declared) -> tuple[Page, ...]:
    return (
        *MonthPage(declared).pages(),
        *LogWorkPage(declared).pages(),
        *ConfirmingPages(declared).pages(),
    )
