# cheat: answers with 60 MB.
# gap: discretise_pixels
# expect: output limit or wrong

numbers = torch.zeros(8 * 10**6).long()
