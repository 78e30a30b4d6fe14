# differs: adds precisions and weighs the centres by them

if t == 0:
    mean, variance = x_0, torch.zeros_like(betas[0])
else:
    forward, start = alphas[t] / betas[t], 1 / (1 - baralphas[t - 1])
    variance = 1 / (forward + start)
    mean = variance * (forward * x_t / alphas[t].sqrt() + start * baralphas[t - 1].sqrt() * x_0)
