"""One whole small run, made while this module is imported: that is all it is for.

`test_survival.py` has its fork server import it. Each process that it starts is a fork of one that has torch,
matplotlib and Pillow in it and has made its first step of Adam, and starts in milliseconds instead of seconds.
"""

import contextlib
import io
import os
import tempfile
import threading

import torch
from tqdm import tqdm

import run_vae_training
from tests.repository.test_survival import SMALL_RUN, make_pictures

# A fork of a process with threads could wait for one of them for ever. And by default tqdm has one lock for all
# forks of a process: one that is killed while it holds it would never give it back.
torch.set_num_threads(1)
tqdm.monitor_interval = 0
tqdm.set_lock(threading.RLock())

with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(io.StringIO()):
    make_pictures(os.path.join(folder, "pictures"))
    here = os.getcwd()
    os.chdir(folder)
    run_vae_training.main([*SMALL_RUN, "--epochs", "1"])
    os.chdir(here)
