# %% [markdown]
# # Notebook 4: Diffusion models
#
# A way through [sheet 4](../sheets/4_diffusion.md), task by task, with experiments that take seconds: 5,000 points and
# a small network. The sheet says what is asked, and its scripts train on more. Here you try things, look at them, and
# take notes.
#
# The gaps stay in the files of `lib/`. A cell that meets an empty one says so in a line. Once you have filled it, run
# the cell again.

# %% [markdown]
# In Colab, write the address of your repository into `REPOSITORY` below; that of a private one needs a token in it,
# which you should not commit. In VS Code and Jupyter there is nothing to do.

# %%
import os
import subprocess
import sys

if os.path.exists("../course.toml"):  # VS Code and Jupyter begin in the folder of the notebook
    os.chdir("..")
elif not os.path.exists("course.toml"):
    REPOSITORY = ""  # in Colab: the address of yours, "https://github.com/..."
    if not REPOSITORY:
        sys.exit("The repository is not here: open this notebook in its folder or, in Colab, fill in REPOSITORY.")
    if not os.path.exists("repository"):
        subprocess.run(["git", "clone", REPOSITORY, "repository"], check=True)
    os.chdir("repository")
if os.getcwd() not in sys.path:
    sys.path.insert(0, os.getcwd())

# %%
from types import SimpleNamespace

import torch

from lib.extras.diffusion import Diffusion
from lib.model_diffusion import simple_diffusion
from lib.sample_diffusion import posterior
from lib.support.data.densities import DENSITIES
from lib.support.figures.cells import show
from lib.support.figures.curves import loss_curve, schedules_figure
from lib.support.figures.densities import data_figure, limits, samples_figure, steps_figure
from lib.support.measures.quality import quality_report
from lib.support.runs.no_run import NoRun
from lib.support.scripts.notebooks import begin
from lib.train_diffusion import train
from lib.utils import add_noise, cosine_schedule, get_dataset, linear_schedule

EPOCHS = 100  # passes over the points; more teach more
T = 50  # steps of the forward process
DATASET = "moons"
begin()

# %%
torch.manual_seed(0)
print(", ".join(DENSITIES))
data = get_dataset(DATASET, 5000)
show(data_figure(data.numpy(), DATASET))

# %% [markdown]
# ## Task 1: The forward process on paper
#
# [Task 1](../sheets/4_diffusion.md#task-1-the-forward-process-on-paper-3-points) is for paper.
#
# **Notes on questions 1.1 to 1.4.**
#
# …

# %% [markdown]
# ## Task 2: Noising and training
#
# [Task 2](../sheets/4_diffusion.md#task-2-noising-and-training-3-points) has the gaps `diffusion_add_noise`, in
# [lib/utils.py](../lib/utils.py), and `diffusion_training_step`, in
# [lib/train_diffusion.py](../lib/train_diffusion.py). Your closed form is at work below, with the linear schedule. What
# is left of the data in the last panel, and is that a good schedule for so few steps?

# %%
baralphas, alphas, betas = linear_schedule(T)
times = [0, T // 4, T // 2, T - 1]
noised = {f"t = {t}": add_noise(data, t, baralphas)[0].numpy() for t in times}
show(steps_figure(noised, limits(data.numpy(), reach=3.2)))

# %% [markdown]
# ## Task 3: Schedule and sampling
#
# [Task 3](../sheets/4_diffusion.md#task-3-schedule-and-sampling-0-points) has the gap `diffusion_cosine_schedule`, in
# [lib/utils.py](../lib/utils.py), and `diffusion_posterior` and `diffusion_sampling_step`, in
# [lib/sample_diffusion.py](../lib/sample_diffusion.py).

# %%
show(schedules_figure({"linear": baralphas, "cosine": cosine_schedule(T)[0]}, "cosine"))
baralphas, alphas, betas = cosine_schedule(T)
noised = {f"t = {t}": add_noise(data, t, baralphas)[0].numpy() for t in times}
show(steps_figure(noised, limits(data.numpy(), reach=3.2)))

# %% [markdown]
# Training, with the second gap of task 2:

# %%
model, run = simple_diffusion(2, nblocks=3, diffusion_steps=T), NoRun()
settings = SimpleNamespace(diffusion_steps=T, batch_size=500, epochs=EPOCHS, device="cpu", dataset=DATASET,
                           verbose=False)
train(data, settings, model, torch.optim.Adam(model.parameters(), 3e-3), baralphas, run=run)
show(loss_curve(run.history))

# %% [markdown]
# The way back, from noise to samples, and how far they are from data: `sliced_w1` beside the same distance between two
# draws of data, `sliced_w1_floor`.

# %%
steps = {time: x.numpy() for time, x in Diffusion(baralphas, alphas, betas).sample(model, torch.randn(5000, 2))}
show(steps_figure({f"t = {time}": steps[time] for time in (T, T // 2, T // 4, T // 8, 0)}, limits(data.numpy(), 3.2)))
show(samples_figure(data.numpy(), steps[0]))
print({name: f"{value:.3f}" for name, value in quality_report(steps[0], data.numpy()).items()})

# %% [markdown]
# Mean and variance of the step back for a point whose end is known, from your gap `diffusion_posterior`, at an early
# and at a late time. In which of the two does the step depend more on where it ends?

# %%
print(posterior(data[:1], noised[f"t = {T // 4}"][:1], T // 4, baralphas, alphas, betas))
print(posterior(data[:1], noised[f"t = {T - 1}"][:1], T - 1, baralphas, alphas, betas))

# %% [markdown]
# **Notes.** What happens to the samples with more epochs, with more steps, with another data set? Change `EPOCHS`, `T`
# and `DATASET` at the top, one at a time, and say beforehand what you expect.
#
# …
