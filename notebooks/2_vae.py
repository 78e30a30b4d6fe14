# %% [markdown]
# # Notebook 2: Variational autoencoders
#
# A way through [sheet 2](../sheets/2_vae.md), task by task, with experiments that take seconds: 1,500 small digits. The
# sheet says what is asked, and its scripts train on MNIST. Here you try things, look at them, and take notes.
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

from lib.explore_latent_space import get_mu_logvar, plot_latent_space, sample_from_prior
from lib.loss_vae import VAELoss
from lib.model_vae import VAE
from lib.support.data.datasets import Batches, load
from lib.support.figures.cells import show
from lib.support.figures.curves import loss_curves
from lib.support.figures.grids import image_grid, labelled_rows
from lib.support.figures.latent_scatter import latent_scatter
from lib.support.runs.no_run import NoRun
from lib.support.scripts.notebooks import begin
from lib.train_autoencoder import first_images
from lib.train_vae import reconstruct, train_vae

EPOCHS = 60  # passes over the 1,500 digits; more teach more
LR = 5e-3  # learning rate
TERMS = dict.fromkeys(["loss", "reconstruction", "kl"], "nats per image")
begin()

# %%
torch.manual_seed(0)
train_set, test_set = load("digits")
train_batches = Batches(train_set, 128, generator=torch.Generator().manual_seed(0))
test_batches = Batches(test_set, 1000)
images = first_images(test_batches, 12)
show(image_grid(images, columns=12))

# %% [markdown]
# ## Task 1: The VAE
#
# [Task 1](../sheets/2_vae.md#task-1-the-vae-4-points) has the gaps `vae_layers`, `vae_encode`, `vae_reparameterize`,
# `vae_decode` and `vae_forward`, all in [lib/model_vae.py](../lib/model_vae.py). Here is a VAE that has learned nothing
# yet. What are the shapes of its three results, and which of them is random, even for the same weights?

# %%
untrained = VAE(*train_set.shape)
x_reconstructed, mu, logvar = untrained(images)
print(x_reconstructed.shape, mu.shape, logvar.shape)
show(labelled_rows([("test images", images), ("untrained", x_reconstructed)]))

# %% [markdown]
# **Notes.** How does a gradient pass through a random number? Why may `logvar` be any real number?
#
# …

# %% [markdown]
# ## Task 2: The loss of the VAE
#
# [Task 2](../sheets/2_vae.md#task-2-the-loss-of-the-vae-2-points) has one gap, `vae_loss`, in
# [lib/loss_vae.py](../lib/loss_vae.py). It gives the loss and its two terms, summed over a batch; before the training:

# %%
terms = VAELoss().terms(x_reconstructed, images, mu, logvar)
print([f"{term.item() / len(images):.1f} nats per image" for term in terms])

# %%
model = VAE(*train_set.shape)
history = train_vae(model, train_batches, test_batches, EPOCHS, LR, save_images=False, run=NoRun())
show(loss_curves(history, TERMS))
show(labelled_rows([("test images", images), ("reconstructions", reconstruct(model, images))]))
show(image_grid(sample_from_prior(model, 24), columns=12))

# %% [markdown]
# **Notes.** The KL term and the reconstruction do not behave alike. Can you imagine why?
#
# …

# %% [markdown]
# ## Task 3: Exploring the latent space
#
# [Task 3](../sheets/2_vae.md#task-3-exploring-the-latent-space-2-points) has the gaps `latent_mu_logvar` and
# `latent_grid` in [lib/explore_latent_space.py](../lib/explore_latent_space.py). First the means of the test images, a
# colour for each class, then what is decoded from each point of the plane.

# %%
mu, logvar = get_mu_logvar(model, test_batches)
show(latent_scatter(mu.numpy(), test_set.labels.numpy(), test_set.classes, ("latent 0", "latent 1")))
show(plot_latent_space(model, test_batches))

# %% [markdown]
# **Notes.** Which classes are neighbours? How do the arms of the crosses compare with the distances between classes?
#
# …

# %% [markdown]
# ## Task 4: KL weights
#
# [Task 4](../sheets/2_vae.md#task-4-kl-weights-2-points) trains with other weights of the KL term, and asks for MNIST.
# Digits behave alike, and answer faster:

# %%
heavy = VAE(*train_set.shape)
history_of_heavy = train_vae(heavy, train_batches, test_batches, EPOCHS, LR, kl_loss_weight=30,
                             save_images=False, run=NoRun())
free = VAE(*train_set.shape)
history_of_free = train_vae(free, train_batches, test_batches, EPOCHS, LR, kl_loss_weight=0, save_images=False,
                            run=NoRun())
rows = {"weight 1": history[-1], "weight 30": history_of_heavy[-1], "weight 0": history_of_free[-1]}
print("\n".join(f"{name}: reconstruction {row['test_reconstruction']:.1f}, KL term {row['test_kl']:.2f} nats per image"
                for name, row in rows.items()))
show(labelled_rows([("test images", images), ("weight 1", reconstruct(model, images)),
                    ("weight 30", reconstruct(heavy, images)), ("weight 0", reconstruct(free, images))]))

# %% [markdown]
# Weight 30, then weight 0. Look at the numbers on the axes.

# %%
show(plot_latent_space(heavy, test_batches))
show(plot_latent_space(free, test_batches))

# %% [markdown]
# **Notes on questions 4.1 to 4.4.** What do you see? Which of the three is close to a decoder that ignores $`z`$? Is 30
# large? What is the KL term for?
#
# …
