"""Exhibits 佐证材料: photos and scans, named by content hash in an entry and uploaded on their own.

An upload that fails loses no entry and holds up nobody: the entry waits for the content, or
somebody says that it is missing; what comes later is still taken.
"""

from collections.abc import Sequence
from typing import ClassVar, Final, Literal

from msgspec import Struct
from msgspec.structs import replace

from domain.codes import Digest, MediaType
from domain.vocabulary import Bytes, Refused

EvidenceStatus = Literal["waiting", "stored", "missing"]


class Evidence(Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    sha256: Digest
    media_type: MediaType
    size: Bytes
    """In bytes."""


class Exhibit(Struct, frozen=True):
    KEY: ClassVar = ("evidence.sha256",)
    evidence: Evidence
    status: EvidenceStatus = "waiting"


Exhibits = tuple[Exhibit, ...]
NONE: Final[Exhibits] = ()


class EvidenceTwice(Refused):
    """同一份佐证材料不能重复列出"""


class EvidenceIsEmpty(Refused):
    """佐证材料是空文件（0 字节），请检查后重新选择"""


class EvidenceCouldAct(Refused):
    """网页、脚本一类的文件不能作为佐证材料，请上传照片、扫描件或者文档"""


class EvidenceUnknown(Refused):
    """这里没有登记这份佐证材料"""


class EvidenceIsStored(Refused):
    """这份佐证材料已经上传"""


COULD_ACT: Final = frozenset((
    "text/html", "application/xhtml+xml", "image/svg+xml", "text/xml", "application/xml",
    "text/javascript", "application/javascript", "application/x-javascript",
    "application/ecmascript", "text/ecmascript", "application/x-shockwave-flash",
    "application/x-msdownload", "application/x-sh", "application/hta",
))  # fmt: skip
"""What a browser or a shell would run, and no camera or scanner makes."""


def refuse_unfit(evidence: Evidence) -> None:
    """Refuse what proves nothing. Raises: EvidenceIsEmpty, EvidenceCouldAct."""
    if evidence.size == 0:
        raise EvidenceIsEmpty
    if evidence.media_type in COULD_ACT:
        raise EvidenceCouldAct(evidence.media_type)


def exhibit(exhibits: Sequence[Exhibit], sha256: str) -> Exhibit | None:
    return next((one for one in exhibits if one.evidence.sha256 == sha256), None)


def marked(exhibits: Exhibits, sha256: str, status: EvidenceStatus) -> Exhibits:
    return tuple(
        replace(one, status=status) if one.evidence.sha256 == sha256 else one for one in exhibits
    )


def to_confirm(exhibits: Exhibits, sha256: str) -> bool:
    """Return whether an upload is still to be told.

    Raises: EvidenceUnknown — when nothing names it.
    """
    found = exhibit(exhibits, sha256)
    if found is None:
        raise EvidenceUnknown
    return found.status != "stored"


def to_miss(exhibits: Exhibits, sha256: str) -> bool:
    """Return whether it is still to be told that nothing will come.

    Raises: EvidenceUnknown — when nothing names it. EvidenceIsStored — when it came.
    """
    found = exhibit(exhibits, sha256)
    if found is None:
        raise EvidenceUnknown
    if found.status == "stored":
        raise EvidenceIsStored
    return found.status != "missing"
