"""The parts of a LimeSurvey survey structure: codes, cells, conditions, rows."""
