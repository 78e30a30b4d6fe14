"""Models and methods beyond the sheets. No module of a sheet imports them.

| module | content |
|---|---|
| `code_densities.py` | codes drawn from a mixture of Gaussians, from a kernel density |
| `geodesic.py` | paths between codes that are short in the space of images |
| `latent_page/` | a page on which a point in the latent plane is dragged and its image is decoded live |
| `diffusion.py`, `flow_matching.py` | two ways from data to noise and back, with the same three methods |
| `fast_diffusion.py` | diffusion networks that learn in fewer epochs |
| `monitor_gan.py` | samples, their variety, and signs of collapse while a GAN trains |
"""
