"""The document for translators, reviewers and ethics boards; loaded only when one is written."""
