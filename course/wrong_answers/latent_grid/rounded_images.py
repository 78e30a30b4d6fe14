# misconception: Images are bytes.
# says: is not right

values0 = torch.linspace(latent0_min, latent0_max, grid_size)
values1 = torch.linspace(latent1_min, latent1_max, grid_size)
z = torch.cartesian_prod(values0, values1).to(device)
model.eval()
with torch.no_grad():
    decoded = model.decode(z)
images = (255 * decoded.unflatten(0, (grid_size, grid_size))).cpu().numpy().astype(np.uint8)
step_size = np.array([latent0_max - latent0_min, latent1_max - latent1_min]) / (grid_size - 1)
