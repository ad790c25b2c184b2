"""Content validity: what experts say of items, as numbers."""

from trustmeasure.instruments.content.validity import ContentValidity, content_validity

__all__ = ["ContentValidity", "content_validity"]
