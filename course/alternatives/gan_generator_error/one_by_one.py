# differs: adds up a term for each image

output = discriminator(fake_images).flatten()
terms = [F.binary_cross_entropy(p, y) for p, y in zip(output, label, strict=True)]
errG = torch.stack(terms).mean()
answers = output.tolist()
D_G_z2 = sum(answers) / len(answers)
