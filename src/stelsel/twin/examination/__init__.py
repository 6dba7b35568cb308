"""The examination of the twin: is it to be trusted, and where not."""
