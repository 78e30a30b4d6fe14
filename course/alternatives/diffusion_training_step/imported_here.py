# differs: imports what it needs, and uses schedule's length

from lib.utils import add_noise as noise_it

t = torch.randint(0, len(baralphas), [batch.shape[0], 1]).to(batch)
t = t.long()
x_t, target = noise_it(batch, t, baralphas)
loss = torch.mean((target - model(x_t, t)) ** 2)
