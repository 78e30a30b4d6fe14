# differs: uses nn.BCELoss, view(-1), and a label made like the answers

criterion = torch.nn.BCELoss()
output = discriminator(real_images).view(-1)
errD_real = criterion(output, torch.ones_like(output))
D_x = output.mean().item()
