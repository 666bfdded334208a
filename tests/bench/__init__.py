"""Benchmarks: ratios of figures measured side by side in one run (``make bench``)."""

import os
import tempfile

_PREFIX = "saqbol-bench-"
# The own pepper is left alone; processes that are started inherit the folder.
if _PREFIX not in os.environ.get("XDG_CONFIG_HOME", ""):
    _folder = tempfile.TemporaryDirectory(prefix=_PREFIX)
    os.environ["XDG_CONFIG_HOME"] = _folder.name
