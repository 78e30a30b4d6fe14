# misconception: The prediction tells x_0, so go there.
# says: this is the prediction of x_0

eps = predict_noise(model, x, t)
x_before = (x - (1 - baralphas[t]).sqrt() * eps) / baralphas[t].sqrt()
if t > 0:
    x_before = x_before + betas[t].sqrt() * torch.randn_like(x)
