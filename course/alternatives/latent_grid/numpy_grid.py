# differs: makes the grid with numpy, and fills an array of zeros

values0, step0 = np.linspace(latent0_min, latent0_max, grid_size, retstep=True)
values1, step1 = np.linspace(latent1_min, latent1_max, grid_size, retstep=True)
step_size = np.array([step0, step1])
model.eval()
images = np.zeros((grid_size, grid_size, *model.image_shape))
for i, value0 in enumerate(values0):
    row = np.column_stack([np.full(grid_size, value0), values1])
    with torch.no_grad():
        images[i] = model.decode(torch.from_numpy(row).float().to(device)).cpu()
