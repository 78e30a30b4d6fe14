# misconception: Going back takes noise out, and adds none.
# says: x_{t-1} has no noise

eps = predict_noise(model, x, t)
x_before = (x - betas[t] / (1 - baralphas[t]).sqrt() * eps) / alphas[t].sqrt()
