"""Validity: convergent and discriminant, of the same meaning in all groups, and free of method bias."""
