"""A seeded, lawful city: its points, advisers and rules, and the services and the work of a period,
as steps that the real deciders took. Nothing here is real but the names of the divisions."""

from domain.simulation.chance import Draw
from domain.simulation.city import Division, city, divisions_of
from domain.simulation.services import random_complaint, random_life, services
from domain.simulation.world import SimulatedStep, World, world_of

__all__ = [
    "Division",
    "Draw",
    "SimulatedStep",
    "World",
    "city",
    "divisions_of",
    "random_complaint",
    "random_life",
    "services",
    "world_of",
]
