"""A questionnaire as a data dictionary of REDCap."""
