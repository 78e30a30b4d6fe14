# differs: freezes the discriminator while it is asked, which saves its gradients

discriminator.requires_grad_(False)
output = discriminator(fake_images).flatten()
errG = F.binary_cross_entropy(output, label)
D_G_z2 = output.mean().item()
discriminator.requires_grad_(True)
