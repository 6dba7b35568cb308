"""From a plan to the arrays that the loop reads: people, demand, stations, rules."""
