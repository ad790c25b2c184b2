"""The Word document; loaded only when one is written, because python-docx takes a while to import."""
