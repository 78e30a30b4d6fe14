# differs: looks the schedule up with one index per point

rows = torch.as_tensor(t, device=batch.device).expand(len(batch), 1).flatten()
baralpha = baralphas.index_select(0, rows).unsqueeze(1)
eps = torch.empty_like(batch).normal_()
noised = torch.sqrt(baralpha) * batch + torch.sqrt(1 - baralpha) * eps
