"""The days of the play: it begins on a day of its own, and time passes when the script says so."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.times import SystemClock


class PlayClock(SystemClock):
    """Both clocks run as they do; the wall clock shows the day of the play.

    Only that one is moved: a delivery that is under way waits by the other.
    """

    def __init__(self, begins: datetime) -> None:
        self._zone = begins.tzinfo or ZoneInfo("UTC")
        self._ahead = begins - super().now()

    def now(self) -> datetime:
        """The moment of the play, in UTC."""
        return super().now() + self._ahead

    def here(self) -> datetime:
        """The moment of the play, where it plays."""
        return self.now().astimezone(self._zone)

    def in_days(self, days: int, hour: time) -> datetime:
        """So many days from today, at this hour where it plays."""
        return datetime.combine(self.here().date() + timedelta(days=days), hour, self._zone)

    def goes_to(self, moment: datetime) -> None:
        """Let time pass until then."""
        self._ahead += moment - self.now()
