# misconception: A sum divided by the number of images is the mean, whatever the shapes.
# says: or answers of shape (6, 1, 1, 1) and a label of shape (6,)

output = discriminator(real_images)
errD_real = -(label * torch.log(output.clamp(min=1e-6))).sum() / len(label)
D_x = output.mean().item()
