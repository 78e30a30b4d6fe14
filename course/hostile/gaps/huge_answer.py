# cheat: answers with a tensor that takes no memory, and 2 GB once it is sent.
# gap: discretise_pixels
# expect: output limit or memory or timeout or wrong

numbers = torch.zeros(1).long().expand(3 * 10**8)
