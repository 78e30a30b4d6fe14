# %% [markdown]
# # Notebook 5: Generative adversarial networks
#
# A way through [sheet 5](../sheets/5_gan.md), task by task, with experiments that take seconds: small networks and few
# epochs. They end long before the images are good; for those take the scripts of the sheet, and a quarter of an hour.
# Here you see how the game begins.
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
import torch

from lib.model_gan import Discriminator, Generator, weights_init
from lib.sample_gan import interpolate, sample, to_pixels
from lib.support.data.augmentation import Augmented
from lib.support.data.datasets import Batches, load
from lib.support.figures.cells import show
from lib.support.figures.curves import gan_curves
from lib.support.figures.grids import image_grid, labelled_rows
from lib.support.runs.no_run import NoRun
from lib.support.scripts.notebooks import begin
from lib.train_gan import discriminator_error_fake, discriminator_error_real, generator_error, train_gan

EPOCHS = 20  # passes over the 800 blossoms; flowers show from about 80 on
CHANNELS = 8  # of the narrowest layers; the script has 32
begin()

# %%
torch.manual_seed(0)
blossoms, _ = load("blossoms", image_size=32)
batches = Augmented(Batches(blossoms, 64, generator=torch.Generator().manual_seed(0)), size=32)
real_images, _ = next(iter(batches))
show(image_grid(to_pixels(real_images[:24]), columns=12))

# %% [markdown]
# ## Task 1: The two networks
#
# [Task 1](../sheets/5_gan.md#task-1-the-two-networks-0-points) has the gaps `gan_generator` and `gan_discriminator` in
# [lib/model_gan.py](../lib/model_gan.py). Untrained, the generator makes this of noise, and the discriminator gives
# these probabilities that real images are real:

# %%
generator, discriminator = Generator(CHANNELS).apply(weights_init), Discriminator(CHANNELS).apply(weights_init)
noise = torch.randn(64, generator.latent_size, 1, 1)
show(image_grid(to_pixels(generator(noise)[:24]), columns=12))
print(discriminator(real_images[:6]).flatten().tolist())

# %% [markdown]
# ## Task 2: The game between them
#
# [Task 2](../sheets/5_gan.md#task-2-the-game-between-them-0-points) has the gaps `gan_discriminator_error_real`,
# `gan_discriminator_error_fake` and `gan_generator_error`, all in [lib/train_gan.py](../lib/train_gan.py). The three
# losses before the first step:

# %%
label = torch.ones(64)
error_real, D_x = discriminator_error_real(discriminator, real_images, label)
error_fake, D_G_z, fake_images = discriminator_error_fake(discriminator, generator, noise, label)
error_of_generator, _ = generator_error(discriminator, fake_images, label)
print(f"D(x) = {D_x:.2f}, D(G(z)) = {D_G_z:.2f}; D's losses {error_real.item():.2f} and {error_fake.item():.2f}, "
      f"G's loss {error_of_generator.item():.2f}")

# %% [markdown]
# The training. How varied samples are, the third panel, is measured by the script alone.

# %%
history = train_gan(discriminator, generator, batches, EPOCHS, run=NoRun())
show(gan_curves(history))

# %% [markdown]
# ## Task 3: Sampling
#
# [Task 3](../sheets/5_gan.md#task-3-sampling-0-points) has the gap `gan_sample` in
# [lib/sample_gan.py](../lib/sample_gan.py). Samples at three temperatures, then a walk between two of them:

# %%
show(labelled_rows([
    (f"T = {temperature}", to_pixels(sample(generator, 12, temperature, torch.Generator().manual_seed(0))))
    for temperature in (0.3, 1, 2)]))
show(image_grid(to_pixels(interpolate(generator, *torch.randn(2, generator.latent_size), steps=12)), columns=12))

# %% [markdown]
# **Notes on the questions** of [sheet 5](../sheets/5_gan.md#questions-for-submissionpdf). Who is winning, and when?
# What changes with the temperature?
#
# …
