"""From instruments and wishes to a questionnaire."""
