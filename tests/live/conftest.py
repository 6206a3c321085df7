"""Where tests of the live programs find what several of them need."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1] / "classifiers"))  # for small_networks
