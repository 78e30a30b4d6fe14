# differs: makes the pairs with meshgrid

model.eval()
grid0, grid1 = torch.meshgrid(torch.linspace(latent0_min, latent0_max, grid_size, device=device),
                              torch.linspace(latent1_min, latent1_max, grid_size, device=device), indexing="ij")
with torch.no_grad():
    images = model.decode(torch.stack([grid0.reshape(-1), grid1.reshape(-1)], dim=1))
images = images.reshape(grid_size, grid_size, *images.shape[1:]).cpu().numpy()
step_size = np.array([(latent0_max - latent0_min) / (grid_size - 1), (latent1_max - latent1_min) / (grid_size - 1)])
