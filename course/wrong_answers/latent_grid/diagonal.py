# misconception: Values are paired one by one.
# says: should have the shape

values0 = torch.linspace(latent0_min, latent0_max, grid_size)
values1 = torch.linspace(latent1_min, latent1_max, grid_size)
z = torch.stack([values0, values1], 1).to(device)
model.eval()
with torch.no_grad():
    decoded = model.decode(z)
images = decoded.cpu().numpy()
step_size = np.array([latent0_max - latent0_min, latent1_max - latent1_min]) / (grid_size - 1)
