"""The rooms of the package in building order: each imports only from the rooms above it.

`tests/test_imports.py` holds the code against this list, `docs/` shows the reference in this order.
"""

ROOMS = {
    "errors": "One tree of errors and warnings",
    "check": "Argument checks with one form of message",
    "frames": "Frames of any kind come in and become pandas",
    "columns": "Numbers out of a frame block by block, without a copy",
    "files": "Files are written whole or not at all; shipped files are found",
    "threads": "How many threads matrix products may take",
    "fields": "Entries of a TOML file, each checked and each error with its place",
    "versions": "Which software made a number",
    "multiple_tests": "Probabilities that allow for how many tests there are",
    "display": "The only place that rounds",
    "criteria": "Cited cut-offs, and the functions that apply them",
    "logic": "Conditions on answers: who is asked what",
    "instruments": "What is asked",
    "questionnaires": "How it is asked: one writer for each target format",
    "responses": "What came back: reading, checking, scoring",
    "moments": "What a model needs: sufficient statistics",
    "sem": "The estimation engine; knows nothing of instruments",
    "screening": "What came back, looked at before it is analysed: missing answers, careless answers, items",
    "factors": "Exploratory: number of factors, extraction, rotation",
    "reliability_analysis": "Reliability and agreement: alpha, omega, retest, raters",
    "item_response": "Item response theory and differential item functioning",
    "validity": "Convergent and discriminant validity, invariance, method bias",
    "trust": "The domain: named structural models",
    "plots": "Results become figures",
    "reporting": "Results become a report",
    "validation": "One report on measurement quality; the protocol that validates an instrument; short forms",
    "study": "The whole way, from one study file",
    "cli": "The command line",
    "__init__": "The public names",
    "__main__": "python -m trustmeasure",
}
