"""Threads that decode at the same time, in a process of their own: a lost race would end it."""

import subprocess
import sys
from typing import Final

RACE: Final = """
import sys, threading
import msgspec
import api.cli.running, api.reactions.running, api.serving.app
from ledger.log.codec import LedgerMapper
from ledger.log.threads import describe_structs
from tests.ledger.log.test_codec import GOLDEN

describe_structs()
sys.setswitchinterval(1e-6)
golden = [
    (str(one.relative_to(GOLDEN).with_suffix("")), one.read_bytes())
    for one in sorted(GOLDEN.rglob("*.json"))
]
threads = 16
together = threading.Barrier(threads)

def decode():
    mapper = LedgerMapper()
    for topic, state in golden:
        together.wait()
        mapper.entry(topic, state)

all_of_them = [threading.Thread(target=decode) for _ in range(threads)]
for one in all_of_them:
    one.start()
for one in all_of_them:
    one.join()
print("decoded", len(golden))
"""


def test_threads_decode_what_none_of_them_has_decoded_before() -> None:
    done = subprocess.run([sys.executable, "-c", RACE], check=False, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("decoded ")
