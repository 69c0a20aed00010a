"""What indicators and features both stand on: payments with their netting, recurrence, pairs and payees."""

from core.build import build_core

__all__ = ["build_core"]
