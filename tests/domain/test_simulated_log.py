"""A log is founded as a simulation once."""

from domain.simulated_log import FoundLogAsSimulation, LogFoundedAsSimulation, StoryDiffers
from tests.spec import given

FOUND = FoundLogAsSimulation(story="demo days=7")
FOUNDED = LogFoundedAsSimulation(story="demo days=7")


def test_a_log_is_founded_as_a_simulation_for_one_story() -> None:
    given().when(FOUND).then(FOUNDED)
    given(FOUNDED).when(FOUND).nothing()
    given(FOUNDED).when(FoundLogAsSimulation(story="another")).refused(StoryDiffers)
