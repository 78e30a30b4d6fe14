#!/bin/sh
# The tests that grade, then the code style. Arguments go to pytest: ./runtests.sh --gap vae_loss
cd "$(dirname "$0")" || exit 1
python -m pytest "$@"
tests=$?
python -m pycodestyle --max-line-length=120 .
style=$?
[ "$tests" -eq 0 ] && [ "$style" -eq 0 ]
