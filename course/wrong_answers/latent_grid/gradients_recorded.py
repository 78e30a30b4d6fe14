# misconception: Gradients do no harm.
# says: requires grad

values0 = torch.linspace(latent0_min, latent0_max, grid_size)
values1 = torch.linspace(latent1_min, latent1_max, grid_size)
z = torch.cartesian_prod(values0, values1).to(device)
model.eval()
decoded = model.decode(z)
images = decoded.unflatten(0, (grid_size, grid_size)).cpu().numpy()
step_size = np.array([latent0_max - latent0_min, latent1_max - latent1_min]) / (grid_size - 1)
