# %% [markdown]
# # Notebook 1: Autoencoders
#
# A way through [sheet 1](../sheets/1_autoencoders.md), task by task, with experiments that take seconds: 1,500 small
# digits and a small network. The sheet says what is asked, and its scripts train on the larger sets. Here you try
# things, look at them, and take notes.
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

from lib.explore_code_space import (
    better_codes,
    collect_codes,
    decode_means,
    gaussian_codes,
    interpolate_linear,
    interpolate_spherical,
    prior_codes,
    reconstruct_means,
    uniform_codes,
    walk,
)
from lib.likelihoods import Bernoulli, Gaussian
from lib.model_autoencoder import ConvAutoencoder, MLPAutoencoder
from lib.support.data.datasets import Batches, load
from lib.support.figures.cells import show
from lib.support.figures.code_report import codes_figure
from lib.support.figures.curves import loss_curves
from lib.support.figures.grids import image_grid, labelled_rows
from lib.support.runs.no_run import NoRun
from lib.support.scripts.notebooks import begin
from lib.train_autoencoder import first_images, negative_log_likelihood, squared_error, train_autoencoder

EPOCHS = 20  # passes over the 1,500 digits; more teach more
begin()

# %%
torch.manual_seed(0)
train_set, test_set = load("digits")
train_batches = Batches(train_set, 128, generator=torch.Generator().manual_seed(0))
test_batches = Batches(test_set, 1000)
images = first_images(test_batches, 12)
show(image_grid(images, columns=12))

# %% [markdown]
# ## Task 1: The autoencoder
#
# [Task 1](../sheets/1_autoencoders.md#task-1-the-autoencoder-15-points) has the gaps `autoencoder_encoder`,
# `autoencoder_decoder` and `autoencoder_forward`, all in [lib/model_autoencoder.py](../lib/model_autoencoder.py). When
# they are filled, the next cell trains two autoencoders, one with 16 latent dimensions and one with 2.

# %%
model = MLPAutoencoder(*train_set.shape, hidden_size=256, latent_size=16)
history = train_autoencoder(model, train_batches, test_batches, EPOCHS, loss=squared_error, save_images=False,
                            run=NoRun())
plane = MLPAutoencoder(*train_set.shape, hidden_size=256, latent_size=2)
history_of_plane = train_autoencoder(plane, train_batches, test_batches, EPOCHS, loss=squared_error,
                                     save_images=False, run=NoRun())
print(f"squared error of a pixel: {history[-1]['test_error']:.4f} with 16 latent dimensions, "
      f"{history_of_plane[-1]['test_error']:.4f} with 2")
show(loss_curves(history, {"loss": "squared error per image"}))
show(labelled_rows([("test images", images), ("16 dimensions", reconstruct_means(model, images)),
                    ("2 dimensions", reconstruct_means(plane, images))]))

# %% [markdown]
# **Notes on question 2.1.** What does the smaller code lose first, and what does it keep? Why look at test images?
#
# …

# %% [markdown]
# ## Task 2: Why samples disappoint
#
# [Task 2](../sheets/1_autoencoders.md#task-2-why-samples-disappoint-2-points) draws codes at random. It needs the gap
# `codes_uniform` in [lib/explore_code_space.py](../lib/explore_code_space.py).

# %%
codes = collect_codes(model, train_batches)
drawn = {"prior": prior_codes(codes, 500, seed=0), "uniform": uniform_codes(codes, 500, seed=0)}
show(labelled_rows([(way, decode_means(model, some[:12])) for way, some in drawn.items()]))
show(codes_figure(codes, drawn))

# %% [markdown]
# The same for two latent dimensions, where the plot shows everything:

# %%
codes_in_plane = collect_codes(plane, train_batches)
drawn_in_plane = {"prior": prior_codes(codes_in_plane, 500, seed=0),
                  "uniform": uniform_codes(codes_in_plane, 500, seed=0)}
show(labelled_rows([(way, decode_means(plane, some[:12])) for way, some in drawn_in_plane.items()]))
show(codes_figure(codes_in_plane, drawn_in_plane))

# %% [markdown]
# **Notes on questions 2.2 and 2.3.** What do you see, first without an explanation? What share of the box is near a
# training code, in 2 and in 16 dimensions? Which part of the loss says how codes should be distributed?
#
# …

# %% [markdown]
# A convolutional network, for question 2.4:

# %%
convolutional = ConvAutoencoder(*train_set.shape, hidden_size=8, latent_size=16)
train_autoencoder(convolutional, train_batches, test_batches, EPOCHS // 2, lr=5e-3, loss=squared_error,
                  save_images=False, run=NoRun())
codes_of_convolutional = collect_codes(convolutional, train_batches)
show(labelled_rows([
    ("test images", images), ("reconstructions", reconstruct_means(convolutional, images)),
    ("uniform", decode_means(convolutional, uniform_codes(codes_of_convolutional, 12, seed=0)))]))

# %% [markdown]
# **Notes on question 2.4.** What becomes better with convolutions, and what stays as it was?
#
# …

# %% [markdown]
# ## Task 3: Better codes
#
# [Task 3](../sheets/1_autoencoders.md#task-3-better-codes-2-points) improves the description of where codes lie: the
# gaps `codes_gaussian` and `codes_better`, in [lib/explore_code_space.py](../lib/explore_code_space.py) too.

# %%
drawn |= {"gaussian_full": gaussian_codes(codes, 500, seed=0), "better": better_codes(codes, 500, seed=0)}
show(labelled_rows([(way, decode_means(model, some[:12])) for way, some in drawn.items()]))
show(codes_figure(codes, drawn))

# %% [markdown]
# **Notes.** What does the covariance matrix know that the box does not? Which clouds can no Gaussian describe?
#
# …

# %% [markdown]
# ## Task 4: Interpolation
#
# [Task 4](../sheets/1_autoencoders.md#task-4-interpolation-1-point) walks from one image to another: the gaps
# `interpolate_linear` and `interpolate_spherical`. The images at both ends are the originals.

# %%
pairs = test_set.pairs_of_classes(3, seed=0)
show(labelled_rows([("linear", walk(model, pair, interpolate_linear, 10)) for pair in pairs]))
show(labelled_rows([("spherical", walk(model, pair, interpolate_spherical, 10)) for pair in pairs]))

# %% [markdown]
# **Notes.** At which images can you tell that a path has left the region of the training codes?
#
# …

# %% [markdown]
# ## Task 5: The loss, derived
#
# [Task 5](../sheets/1_autoencoders.md#task-5-the-loss-derived-2-points) is for paper. One number helps with question
# 5.2, the likelihood of an image of 784 pixels, each of which has the likelihood 0.1:

# %%
print(0.1**784)

# %% [markdown]
# **Notes on questions 5.1 to 5.4.**
#
# …

# %% [markdown]
# ## Task 6: The decoder as a distribution
#
# [Task 6](../sheets/1_autoencoders.md#task-6-the-decoder-as-a-distribution-15-points) has the gaps
# `likelihood_gaussian` and `likelihood_bernoulli` in [lib/likelihoods.py](../lib/likelihoods.py). The same network is
# trained by both of them.

# %%
by_gaussian = MLPAutoencoder(*train_set.shape, hidden_size=256, latent_size=16, likelihood=Gaussian("learned"))
history = train_autoencoder(by_gaussian, train_batches, test_batches, EPOCHS, loss=negative_log_likelihood,
                            save_images=False, run=NoRun())
print(f"gaussian: test loss {history[-1]['test_loss']:.1f} nats per image")
by_bernoulli = MLPAutoencoder(*train_set.shape, hidden_size=256, latent_size=16, likelihood=Bernoulli())
history = train_autoencoder(by_bernoulli, train_batches, test_batches, EPOCHS, loss=negative_log_likelihood,
                            save_images=False, run=NoRun())
print(f"bernoulli: test loss {history[-1]['test_loss']:.1f} nats per image")
show(labelled_rows([("test images", images), ("squared error", reconstruct_means(model, images)),
                    ("gaussian", reconstruct_means(by_gaussian, images)),
                    ("bernoulli", reconstruct_means(by_bernoulli, images))]))

# %% [markdown]
# **Notes.** Can the two losses be compared with each other? One may be negative: is something broken?
#
# …
