"""The page that a policy officer reads. No computation: it picks, words and draws."""
