# misconception: The order of the two loops does not matter.
# says: the axes are exchanged: the first axis runs over latent 0

values0 = torch.linspace(latent0_min, latent0_max, grid_size)
values1 = torch.linspace(latent1_min, latent1_max, grid_size)
z = torch.tensor([[a, b] for b in values1.tolist() for a in values0.tolist()]).to(device)
model.eval()
with torch.no_grad():
    decoded = model.decode(z)
images = decoded.unflatten(0, (grid_size, grid_size)).cpu().numpy()
step_size = np.array([latent0_max - latent0_min, latent1_max - latent1_min]) / (grid_size - 1)
