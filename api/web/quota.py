"""Quota of uploads: a leaky bucket of bytes for each account, in this process."""

import time
from typing import Final

DAY_S: Final = 86_400.0
ACCOUNTS_MAX: Final = 10_000


class QuotaSpent(Exception):
    """The account uploaded its share; `wait_s` seconds until some of it is free again."""

    def __init__(self, wait_s: float) -> None:
        super().__init__("quota spent")
        self.wait_s = wait_s


class Quota:
    """Counts what each account uploaded; it drains away within a day. Several processes count each
    for itself."""

    def __init__(self, daily_bytes: int) -> None:
        self._daily = daily_bytes
        self._spent: dict[str, tuple[float, float]] = {}

    def refuse_spent(self, account: str) -> None:
        """Raises: QuotaSpent."""
        over = self._left(account) - self._daily
        if over >= 0:
            raise QuotaSpent((over + 1) * DAY_S / self._daily)

    def count(self, account: str, received: int) -> None:
        """Count the bytes of an upload, kept or not: it may be more than was left, once."""
        if len(self._spent) >= ACCOUNTS_MAX and account not in self._spent:
            self._spent.pop(next(iter(self._spent)))
        self._spent[account] = (self._left(account) + received, time.monotonic())

    def _left(self, account: str) -> float:
        spent, at_s = self._spent.get(account, (0.0, 0.0))
        return max(0.0, spent - (time.monotonic() - at_s) * self._daily / DAY_S)
