"""Bare worlds for validation: drawn with numpy, built with the project's own models, measured against what was planted."""
