# misconception: x_t is not needed any more.
# says: x_t after the call

eps = predict_noise(model, x, t)
x_before = x.sub_(betas[t] / (1 - baralphas[t]).sqrt() * eps).div_(alphas[t].sqrt())
if t > 0:
    x_before = x_before + betas[t].sqrt() * torch.randn_like(x)
