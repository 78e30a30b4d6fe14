# differs: measures the steps between neighbours

values0 = torch.linspace(latent0_min, latent0_max, grid_size, dtype=torch.float64)
values1 = torch.linspace(latent1_min, latent1_max, grid_size, dtype=torch.float64)
step_size = torch.stack([values0.diff().mean(), values1.diff().mean()]).numpy()
z = torch.stack([values0.repeat_interleave(grid_size), values1.repeat(grid_size)], dim=1).float()
with torch.inference_mode():
    decoded = model.eval().decode(z.to(device))
images = np.stack(np.split(decoded.cpu().numpy(), grid_size))
