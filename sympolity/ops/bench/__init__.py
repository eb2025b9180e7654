"""``sympolity bench``: what finding costs on this machine, as ratios in one run.

``words`` and ``network`` make a synthetic city network from a seed, ``building`` an index of it
through the product's own path, ``questions`` what people ask, ``answers`` and ``pages`` measure,
``report`` says it in words. No database is asked.
"""

from sympolity.ops.bench.report import lines
from sympolity.ops.bench.run import Plan, run, run_sizes

__all__ = ["Plan", "lines", "run", "run_sizes"]
