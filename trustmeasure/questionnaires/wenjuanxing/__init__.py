"""A questionnaire for 问卷星 (Wenjuanxing): its JSONL for interfaces and its text for pasting."""
