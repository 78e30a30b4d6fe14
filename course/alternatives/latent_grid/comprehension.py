# differs: lists the pairs, and detaches the images

from itertools import product

model.eval()
step_size = np.divide([latent0_max - latent0_min, latent1_max - latent1_min], grid_size - 1)
places = [(latent0_min + i * step_size[0], latent1_min + j * step_size[1])
          for i, j in product(range(grid_size), repeat=2)]
decoded = model.decode(torch.tensor(places, dtype=torch.float32, device=device)).detach()
images = decoded.view(grid_size, grid_size, *decoded.shape[1:]).cpu().numpy()
