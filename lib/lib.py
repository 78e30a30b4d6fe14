"""Found as `lib` where a module of this folder is run by itself, such as by an editor's button: says what to run."""

import sys
from pathlib import Path

if __name__ == "lib":
    module = Path(sys.argv[0])
    check = f" check lib/{module.name}" if "# START TODO" in module.read_text(encoding="utf-8") else ""
    print(f"{module.name} is part of a program, and none by itself: python -m exercise{check} runs the tests, "
          "python run_autoencoder_training.py and the other scripts beside lib/ use it", file=sys.stderr)
    raise SystemExit(2)
