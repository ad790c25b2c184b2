"""The questionnaire file: everything that `Questionnaire.compose` takes, in a TOML file that can be kept."""
