# misconception: Values are spread as the prior is.
# says: the latent point behind images[i, j] is not right

values0 = torch.distributions.Normal(0.0, 1.0).icdf(torch.linspace(0.05, 0.95, grid_size))
values1 = values0
z = torch.cartesian_prod(values0, values1).to(device)
model.eval()
with torch.no_grad():
    decoded = model.decode(z)
images = decoded.unflatten(0, (grid_size, grid_size)).cpu().numpy()
step_size = np.array([latent0_max - latent0_min, latent1_max - latent1_min]) / (grid_size - 1)
