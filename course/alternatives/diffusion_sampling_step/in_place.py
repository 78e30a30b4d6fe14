# differs: computes in place, on the noise predicted and on noise drawn

factor = betas[t] / (1 - baralphas[t]).sqrt()
x_before = predict_noise(model, x, t).mul_(-factor).add_(x).div_(alphas[t].sqrt())
if t > 0:
    x_before.add_(torch.empty_like(x).normal_().mul_(betas[t].sqrt()))
