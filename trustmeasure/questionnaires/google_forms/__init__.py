"""The parts of a Google form: its sections, the ways through them, the values that the script builds from."""
