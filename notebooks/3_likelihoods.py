# %% [markdown]
# # Notebook 3: Which distribution do pixels have?
#
# A way through [sheet 3](../sheets/3_likelihoods.md), task by task, with experiments that take seconds: 1,500 small
# digits and a small network. The sheet says what is asked, and its scripts train on MNIST until nothing improves any
# more. Here you try things, look at them, and take notes.
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

from lib.elbo import elbo, importance_weighted_bound
from lib.explore_latent_space import get_mu_logvar, reconstruct_through_posterior, sample_from_prior
from lib.infer_latents import complete_image, elbo_of, infer_psi, visible_part
from lib.latent_structure import decode_path, interpolate_samples, latent_pca
from lib.likelihoods import Bernoulli, Beta, Categorical, Gaussian, bernoulli_cross_entropy
from lib.model_conv_vae import ConvVAE
from lib.support.data.datasets import Batches, load
from lib.support.figures.cells import show
from lib.support.figures.curves import elbo_curves
from lib.support.figures.distribution_grids import mean_and_draw
from lib.support.figures.grids import image_grid, labelled_rows
from lib.support.figures.latent_scatter import latent_scatter
from lib.support.runs.no_run import NoRun
from lib.support.scripts.notebooks import begin
from lib.train_autoencoder import first_images
from lib.train_conv_vae import EarlyStopping, best_epoch, elbo_of_loader, train_conv_vae

EPOCHS = 12  # passes over the 1,250 digits to train on, at most; more teach more
LR = 3e-3  # learning rate
CHANNELS = 8  # of the first convolution
begin()

# %%
torch.manual_seed(0)
digits, test_set = load("digits", image_size=16)
train_set, validation_set = digits.split(250)
train_batches = Batches(train_set, 32, generator=torch.Generator().manual_seed(0))
validation_batches, test_batches = Batches(validation_set, 250), Batches(test_set, 1000)
images = first_images(test_batches, 12)
show(image_grid(images, columns=12))

# %% [markdown]
# ## Tasks 1 and 2: The convolutional VAE, and training that stops by itself
#
# [Task 1](../sheets/3_likelihoods.md#task-1-the-convolutional-vae-25-points) has the gaps `conv_encoder` and
# `conv_decoder` in [lib/model_conv_vae.py](../lib/model_conv_vae.py), `likelihood_gaussian_learned` in
# [lib/likelihoods.py](../lib/likelihoods.py) and `kl_to_prior` in [lib/elbo.py](../lib/elbo.py).
# [Task 2](../sheets/3_likelihoods.md#task-2-training-that-stops-by-itself-175-points) adds `early_stopping`, in
# [lib/train_conv_vae.py](../lib/train_conv_vae.py), and `importance_weighted_bound`.

# %%
gaussian = ConvVAE(*train_set.shape, CHANNELS, likelihood=Gaussian("per_pixel"))
history = train_conv_vae(gaussian, train_batches, validation_batches, EPOCHS, EarlyStopping(patience=3), LR,
                         run=NoRun())
show(elbo_curves(history, best_epoch(history)))

# %% [markdown]
# The ELBO of the first test images, and the bound of 1, 10 and 100 samples:

# %%
with torch.no_grad():
    print(f"ELBO {elbo(gaussian, images, samples=10).mean():.1f} nats per image")
    print([f"{importance_weighted_bound(gaussian, images, k).mean():.1f}" for k in (1, 10, 100)])

# %% [markdown]
# ## Task 3: Training, described
#
# Reconstructions and samples for [question 3.4](../sheets/3_likelihoods.md#task-3-training-described-175-points), each
# as the mean of $`p(x|z)`$ and as an image drawn from it:

# %%
show(mean_and_draw(gaussian.likelihood, reconstruct_through_posterior(gaussian, images), images))
show(mean_and_draw(gaussian.likelihood, sample_from_prior(gaussian, 24)))

# %% [markdown]
# **Notes on questions 3.1 to 3.4.**
#
# …

# %% [markdown]
# ## Tasks 4 and 5: Other distributions, and which one fits
#
# [Task 4](../sheets/3_likelihoods.md#task-4-other-distributions-225-points) has the gaps `likelihood_beta`,
# `discretise_pixels`, `likelihood_categorical` and `bernoulli_cross_entropy`, all in
# [lib/likelihoods.py](../lib/likelihoods.py).

# %%
beta = ConvVAE(*train_set.shape, CHANNELS, likelihood=Beta())
train_conv_vae(beta, train_batches, validation_batches, EPOCHS, EarlyStopping(patience=3), LR, run=NoRun())
show(mean_and_draw(beta.likelihood, sample_from_prior(beta, 24)))

# %%
categorical = ConvVAE(*train_set.shape, CHANNELS, likelihood=Categorical(16))
train_conv_vae(categorical, train_batches, validation_batches, EPOCHS, EarlyStopping(patience=3), LR, run=NoRun())
show(mean_and_draw(categorical.likelihood, sample_from_prior(categorical, 24)))

# %%
bernoulli = ConvVAE(*train_set.shape, CHANNELS, likelihood=Bernoulli())
train_conv_vae(bernoulli, train_batches, validation_batches, EPOCHS, EarlyStopping(patience=3), LR, run=NoRun())
show(mean_and_draw(bernoulli.likelihood, sample_from_prior(bernoulli, 24)))
print(f"entropy of the first image: {bernoulli_cross_entropy(images[:1], images[:1]).item():.1f} nats")

# %%
models = {"gaussian": gaussian, "beta": beta, "categorical": categorical, "bernoulli": bernoulli}
print({name: f"{elbo_of_loader(model, test_batches)['elbo']:.0f}" for name, model in models.items()})

# %% [markdown]
# **Notes on questions 5.1 to 5.5** of
# [task 5](../sheets/3_likelihoods.md#task-5-which-distribution-fits-275-points). Why is it not enough to compare these
# four numbers?
#
# …

# %% [markdown]
# ## Tasks 6 and 7: The structure of the latent space
#
# [Task 6](../sheets/3_likelihoods.md#task-6-the-structure-of-the-latent-space-2-points) has the gaps `latent_pca` and
# `interpolate_samples` in [lib/latent_structure.py](../lib/latent_structure.py).

# %%
means, _ = get_mu_logvar(bernoulli, test_batches)
points, _, shares = latent_pca(means)
names = tuple(f"component {number}, {share:.0%} of the variance" for number, share in enumerate(shares, 1))
show(latent_scatter(points.numpy(), test_set.labels.numpy(), test_set.classes, names))

# %%
walks = [decode_path(bernoulli, interpolate_samples(bernoulli, *pair, 10, torch.Generator().manual_seed(0)))
         for pair in test_set.pairs_of_classes(4, seed=0)]
show(image_grid(torch.cat(walks), columns=10))

# %% [markdown]
# **Notes on questions 7.1 to 7.3.** Where on the way does the class change?
#
# …

# %% [markdown]
# ## Tasks 8 to 10: Inference without the encoder, and image completion
#
# [Task 8](../sheets/3_likelihoods.md#task-8-inference-without-the-encoder-2-points) has the gaps `psi_elbo` and
# `psi_optimise`, [task 9](../sheets/3_likelihoods.md#task-9-image-completion-15-points) `masked_log_likelihood` and
# `complete_image`, all in [lib/infer_latents.py](../lib/infer_latents.py).

# %%
five = images[:5]
psi = infer_psi(bernoulli, five, max_steps=300)
with torch.no_grad():
    gap = elbo_of(bernoulli, five, psi.mean, psi.logvar) - elbo_of(bernoulli, five, *bernoulli.encode(five))
print("amortisation gap of five images, in nats:", [f"{nats:.1f}" for nats in gap.tolist()])

# %%
visible = visible_part("right", *test_set.shape[1:])
psi = infer_psi(bernoulli, five, max_steps=300, visible=visible)
completed = complete_image(bernoulli, five, visible, psi.mean, psi.logvar, 4, torch.Generator().manual_seed(0))
show(labelled_rows([("original", five), ("visible", five * visible), *(("completed", draw) for draw in completed)]))

# %% [markdown]
# **Notes on questions 10.1 to 10.3.** Where does the gap come from? Do the completions of an image differ?
#
# …
