"""Spoils a small landing in every way that a connector, an export or a person can, and judges what a build makes of it."""
