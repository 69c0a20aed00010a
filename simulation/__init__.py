"""A simulated municipality that pays, errs and cheats in known ways, written as files in the raw contracts' shape."""

from simulation.parameters import parameters_hash
from simulation.run import Summary, simulate

__all__ = ["Summary", "parameters_hash", "simulate"]
