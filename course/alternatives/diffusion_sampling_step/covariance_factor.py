# differs: mixes the noise of the features by a factor of the covariance

eps = predict_noise(model, x, t)
x_before = (x - betas[t] / (1 - baralphas[t]).sqrt() * eps) / alphas[t].sqrt()
if t > 0:
    covariance = betas[t].to(x) * torch.eye(x.shape[1]).to(x)
    x_before = x_before + torch.randn_like(x) @ torch.linalg.cholesky(covariance).mT
