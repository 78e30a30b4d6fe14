# differs: decodes point after point in two loops

model.eval()
step_size = (np.array([latent0_max, latent1_max]) - np.array([latent0_min, latent1_min])) / (grid_size - 1)
images = [[None] * grid_size for _ in range(grid_size)]
with torch.no_grad():
    for i in range(grid_size):
        for j in range(grid_size):
            z = torch.tensor([[latent0_min + i * step_size[0], latent1_min + j * step_size[1]]], dtype=torch.float32)
            images[i][j] = model.decode(z.to(device))[0].cpu().numpy()
images = np.array(images)
