"""The generative models of the course, one concept a module, in the order of the lecture. The gaps are here.

Where sheets are handed out one after the other, a module comes with the first sheet that needs it:

| sheet | module | content |
|---|---|---|
| 1 Autoencoders | `model_autoencoder`, `train_autoencoder` | fully connected and convolutional autoencoders |
| | `explore_code_space` | codes drawn at random, paths from one code to another |
| | `likelihoods` | the distribution of an image: log-probability, mean, sample |
| 2 VAE | `model_vae`, `loss_vae`, `train_vae` | the fully connected VAE, its loss, its training loop |
| | `explore_latent_space` | the latent plane: means and log-variances of a data set, a grid of decoded points |
| 3 Likelihoods | `model_conv_vae` | a convolutional VAE whose decoder ends in the parameters of any likelihood |
| | `elbo` | the ELBO, and the importance-weighted bound of ln p(x) |
| | `train_conv_vae` | its training loop, which stops by itself |
| | `trained_vaes` | any trained VAE from its results folder, all with the same parts |
| | `latent_structure` | principal components of the latent space, paths between samples of z |
| | `infer_latents` | q(z) of single images by gradient ascent on the ELBO, image completion |
| 4 Diffusion | `utils` | noise schedules, the forward process in closed form, two-dimensional densities |
| | `model_diffusion`, `train_diffusion` | the noise predictor and its training loop |
| | `sample_diffusion` | the reverse process: ancestral sampling and DDIM |
| 5 GAN | `model_gan`, `train_gan` | the two networks of a DCGAN and their alternating updates |
| | `sample_gan` | sampling with temperature, interpolation |

`extras/` has models and methods beyond the sheets, `support/` what every script needs and no exercise asks about.
"""

import sys

if sys.version_info < (3, 11):  # noqa: UP036  (only this much has to be readable to an older Python)
    print(f"the exercises need Python 3.11 or newer, and {sys.executable} is {sys.version_info[0]}."
          f"{sys.version_info[1]}: README.md shows how to begin", file=sys.stderr)
    raise SystemExit(2)
