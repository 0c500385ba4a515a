"""A link between two requests is judged by both of them."""

from uuid import UUID

from api.web.acting import Answer, CommandAsking, answer_of
from domain.requests import request
from domain.requests.request_commands import LinkDuplicate, duplicate_link
from ledger.log.decision import Receipt, project


async def link(asking: CommandAsking, command: LinkDuplicate) -> tuple[Receipt, Answer]:
    """The original is read from its own stream."""
    stream: UUID = asking.path["id"]
    found = project(request, None, await asking.wiring.ledger.stream(command.original))
    checked = duplicate_link(
        stream, command.original, found.state if found else None, command.reason
    )
    receipt = await asking.execute(stream, checked)
    return receipt, answer_of(receipt)
