"""The sections of the report on measurement quality, one module each."""
