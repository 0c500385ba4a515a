"""Words that are looked for, as the address of a page holds them: sealed.

Lists of cases are searched by names and telephones of people. In an address these would stand in
the history of a shared computer, and in the logs of whatever lies between. So such a search is
posted, and leads to an address in which the words are sealed for the account that looks: going
back, on, and to another page of the list work as with any address, for nobody else.
"""

import base64
import binascii
import hashlib
import secrets
from collections.abc import Mapping
from typing import Final

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from api.pages.page import Visit
from api.rights import PUBLIC
from api.web.problems import FieldProblem, Problem
from api.web.questions import Question

TEXT: Final = "text"
"""Parameter in which people's names and numbers are looked for."""
MARK: Final = "~"
"""Before what is sealed."""
NONCE_BYTES: Final = 12


def is_posted(question: Question) -> bool:
    """Tell whether a list is searched by words that no address may hold."""
    names = (one.encode_name for one in msgspec.structs.fields(question.query))
    return question.permission != PUBLIC and TEXT in names


def sealed(visit: Visit, words: str) -> str:
    """Seal words for whoever looks."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    whole = nonce + _key(visit).encrypt(nonce, words.encode(), _whose(visit))
    return MARK + base64.urlsafe_b64encode(whole).decode().rstrip("=")


def opened(visit: Visit) -> Mapping[str, str]:
    """The parameters of a page's address, with the words that are looked for in clear text.

    Raises: Problem `validation-failed` — when they were sealed for somebody else.
    """
    words = visit.query.get(TEXT, "")
    if not words.startswith(MARK):
        return visit.query
    try:
        held = words.removeprefix(MARK)
        whole = base64.b64decode(held + "=" * (-len(held) % 4), altchars=b"-_", validate=True)
        nonce, rest = whole[:NONCE_BYTES], whole[NONCE_BYTES:]
        plain = _key(visit).decrypt(nonce, rest, _whose(visit)).decode()
    except (binascii.Error, ValueError, InvalidTag) as error:
        wrong = FieldProblem(TEXT, visit.tongue.say("这个地址是别人查的时候的，再写一次要查的"))
        raise Problem("validation-failed", None, wrong) from error
    return {**visit.query, TEXT: plain}


def _key(visit: Visit) -> AESGCM:
    return AESGCM(hashlib.sha256(visit.wiring.cursors.secret_for("searched").encode()).digest())


def _whose(visit: Visit) -> bytes:
    return visit.actor.account.encode()
