# differs: uses nn.BCELoss, view(-1), and a label made like the answers

criterion = torch.nn.BCELoss()
fake_images = generator(noise)
output = discriminator(fake_images.detach()).view(-1)
errD_fake = criterion(output, torch.zeros_like(output))
D_G_z1 = output.mean().item()
