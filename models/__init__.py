"""Detector recipes, explanation, ranking and feedback; the only place for scikit-learn and PyOD."""
