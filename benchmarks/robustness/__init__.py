"""500 small or misspecified data sets, fitted by both sides: who converges, and to which minimum."""
