# differs: counts in numpy, and joins the images of each row

model.to(device).eval()
count = grid_size - 1
step_size = np.asarray([latent0_max - latent0_min, latent1_max - latent1_min], dtype=np.float64) / count
low = np.asarray([latent0_min, latent1_min])
z = np.stack([low + step_size * index for index in np.ndindex(grid_size, grid_size)]).astype(np.float32)
with torch.no_grad():
    rows = [model.decode(part.to(device)).cpu() for part in torch.from_numpy(z).split(grid_size)]
images = torch.stack(rows).numpy()
