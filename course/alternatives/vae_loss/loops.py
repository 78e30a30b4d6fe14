# differs: adds up image after image

reconstruction, kl = torch.zeros(()), torch.zeros(())
for image, target, m, s in zip(x_reconstructed, x, mu, logvar):
    reconstruction = reconstruction + F.binary_cross_entropy(image, target, reduction="sum")
    for m_d, s_d in zip(m, s):
        kl = kl + (m_d * m_d + s_d.exp() - s_d - 1) / 2
loss = reconstruction + self.kl_loss_weight * kl
