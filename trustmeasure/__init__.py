"""Measure customer trust and what it brings.

Instruments, questionnaires, responses, reliability and structural equation models in one package. Names are
loaded when they are first used, so that importing the package costs next to nothing.
"""

import lazy_loader as _lazy

__getattr__, __dir__, __all__ = _lazy.attach_stub(__name__, __file__)

__version__ = "0.1.0"
