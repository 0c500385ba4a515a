"""Pages of requests: the desk where they are logged, and one of them as it stands."""

from api.pages.declared import Declared
from api.pages.page import Page
from api.requests.desk import Desk
from api.requests.request_page import RequestPage


def pages(declared: Declared) -> tuple[Page, ...]:
    return (*Desk(declared).pages(), *RequestPage(declared).pages())
