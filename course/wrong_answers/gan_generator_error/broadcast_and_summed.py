# misconception: A sum divided by the number of images is the mean, whatever the shapes.
# says: or answers of shape (6, 1, 1, 1) and a label of shape (6,)

output = discriminator(fake_images)
errG = -(label * torch.log(output.clamp(min=1e-6))).sum() / len(label)
D_G_z2 = output.mean().item()
