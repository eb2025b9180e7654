"""``sympolity bench find``: what finding costs on this machine, as ratios in one run.

``words``, ``network`` and ``fixed`` make a synthetic city network from a seed, ``building`` an index of it through the
product's own path, ``questions`` what people ask; ``answers`` measures the engine, ``web`` the pages over HTTP,
``rivals`` other databases with the same data; ``report`` says it in words. No table of the site is asked.
``importing`` is another benchmark.
"""

from sympolity.ops.bench.report import lines
from sympolity.ops.bench.run import BenchFailed, Plan, run, run_sizes

__all__ = ["BenchFailed", "Plan", "lines", "run", "run_sizes"]
