"""The one place where what happened is kept: events taken in, spells given out."""
