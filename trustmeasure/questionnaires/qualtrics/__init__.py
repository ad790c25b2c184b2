"""The parts of a Qualtrics survey file: ids, questions, conditions, the survey flow."""
