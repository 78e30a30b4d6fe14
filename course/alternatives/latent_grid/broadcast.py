# differs: broadcasts the offsets of all points from the corner

corner = torch.tensor([latent0_min, latent1_min], device=device)
width = torch.tensor([latent0_max - latent0_min, latent1_max - latent1_min], device=device)
index = torch.cartesian_prod(torch.arange(grid_size), torch.arange(grid_size)).to(device)
was_training = model.training
model.eval()
with torch.no_grad():
    images = model.decode(corner + index * width / (grid_size - 1))
model.train(was_training)
images = images.clamp(0, 1).cpu().numpy().reshape((grid_size, grid_size) + tuple(images.shape[1:]))
step_size = (width / (grid_size - 1)).cpu().numpy()
