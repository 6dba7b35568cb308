"""What people see of the standard: a message in plain words, and the rules as one looks them up."""
