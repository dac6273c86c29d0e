"""Run before the memory is written down, and after a plain start: what cells are going to import."""

import gc

gc.collect()
gc.freeze()
