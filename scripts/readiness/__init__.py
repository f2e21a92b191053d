"""Readiness weights: what a month's end has to teach, fitted by scikit-learn and landed for the models to apply."""
