"""Plans and scenarios: what a run is told, from the parameters, files and library to one plan."""
