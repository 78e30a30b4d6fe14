"""Points for a class: submissions in, a mark for every gap out, with what it rests on. See `command.py`."""
