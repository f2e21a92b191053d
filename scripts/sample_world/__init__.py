"""The sample world of TeamFlow: vendor-shaped raw data with planted, known behaviour.

`config` holds what the company is and what is planted, `simulate` runs the
accounts day by day, and one module per vendor turns the run into a landing.
"""
