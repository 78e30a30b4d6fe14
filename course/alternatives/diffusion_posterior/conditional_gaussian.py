# differs: corrects the mean of x_{t-1} by how far x_t lies from its own

before = baralphas[t - 1].item() if t > 0 else 1.0
gain = alphas[t].sqrt() * (1 - before) / (1 - baralphas[t])
mean = before ** 0.5 * x_0 + gain * (x_t - baralphas[t].sqrt() * x_0)
variance = (1 - before) * (1 - gain * alphas[t].sqrt())
variance = variance * float(t > 0)
mean = mean if t > 0 else x_0 * 1.0
