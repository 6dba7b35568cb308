"""The sections of the page: each picks numbers from the report and words them in one language."""
