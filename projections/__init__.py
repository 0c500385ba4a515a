"""Floor 3: what the log looks like from one side. Every table here can be dropped and rebuilt.

`STORED` are the views with tables of their own; the period views are queries on the journal.
"""

from typing import Final

from projections import journal, requests, response_times, satisfaction, workload

STORED: Final = (journal, requests)
ALL: Final = (journal, requests, workload, response_times, satisfaction)
