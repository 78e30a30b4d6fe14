# misconception: Points lie in the middle of their cells.
# says: the latent point behind images[i, j] is not right

values0 = latent0_min + (latent0_max - latent0_min) / grid_size * (torch.arange(grid_size) + 0.5)
values1 = latent1_min + (latent1_max - latent1_min) / grid_size * (torch.arange(grid_size) + 0.5)
z = torch.cartesian_prod(values0, values1).to(device)
model.eval()
with torch.no_grad():
    decoded = model.decode(z)
images = decoded.unflatten(0, (grid_size, grid_size)).cpu().numpy()
step_size = np.array([latent0_max - latent0_min, latent1_max - latent1_min]) / (grid_size - 1)
