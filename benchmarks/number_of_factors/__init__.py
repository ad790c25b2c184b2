"""How often each criterion finds the number of factors that data were drawn from."""
