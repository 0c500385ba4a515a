"""Working time 工作时间: calendars, deadlines, periods. Pure; travels in a bundle."""
