# differs: draws x_t from its distribution, and reads eps off

mean, deviation = baralphas[t].sqrt() * batch, (1 - baralphas[t]).sqrt()
noised = torch.normal(mean, deviation.expand_as(mean).contiguous())
eps = (noised - mean) / deviation
