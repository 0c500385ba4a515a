"""Settings of the sealer."""

from api.settings import Settings
from ledger.seal.keyfile import key_files
from ledger.seal.sealer import Sealing


def sealing_of(found: Settings) -> Sealing:
    return Sealing(
        keys=key_files(found.home, found.seal_key_file),
        witness=found.witness_dir.expanduser() if found.witness_dir else None,
        suite=found.seal_suite,
        every_events=found.seal_every_events,
        every_s=found.seal_every_s,
    )
