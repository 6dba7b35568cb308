"""The baseline plan of the country: yearly books from published figures, and what follows."""
