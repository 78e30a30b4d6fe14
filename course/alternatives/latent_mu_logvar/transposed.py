# differs: transposes the list of pairs with zip, in inference mode, and comes back to the CPU

with torch.inference_mode():
    pairs = [model.eval().encode(batch[0].to(device)) for batch in test_loader]
    mu, logvar = (torch.cat(parts).cpu() for parts in zip(*pairs))
