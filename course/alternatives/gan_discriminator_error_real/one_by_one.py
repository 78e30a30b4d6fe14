# differs: adds up a term for each image

output = discriminator(real_images).flatten()
terms = [F.binary_cross_entropy(p, y) for p, y in zip(output, label, strict=True)]
errD_real = torch.stack(terms).mean()
answers = output.tolist()
D_x = sum(answers) / len(answers)
