"""How well indices of careless answering find planted careless respondents."""
