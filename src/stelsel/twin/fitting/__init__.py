"""Fit the twin: to the published figures of the country, or to the register of a region."""
