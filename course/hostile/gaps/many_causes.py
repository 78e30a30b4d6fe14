# cheat: raises an error with two thousand causes.
# gap: discretise_pixels
# expect: wrong or crashed

error = None
for number in range(2_000):
    try:
        raise ValueError(number) from error
    except ValueError as caught:
        error = caught
raise error
