"""One report on measurement quality, the protocol that validates an instrument, and short forms."""
