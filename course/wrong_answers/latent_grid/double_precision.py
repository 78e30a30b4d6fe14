# misconception: numpy's numbers fit the model.
# says: decode is given torch.float64, where the weights are torch.float32

values0 = torch.linspace(latent0_min, latent0_max, grid_size)
values1 = torch.linspace(latent1_min, latent1_max, grid_size)
z = torch.from_numpy(np.array([[a, b] for a in np.linspace(latent0_min, latent0_max, grid_size)
                               for b in np.linspace(latent1_min, latent1_max, grid_size)])).to(device)
model.eval()
with torch.no_grad():
    decoded = model.decode(z)
images = decoded.unflatten(0, (grid_size, grid_size)).cpu().numpy()
step_size = np.array([latent0_max - latent0_min, latent1_max - latent1_min]) / (grid_size - 1)
