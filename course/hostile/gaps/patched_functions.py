# cheat: replaces torch's functions for all that comes later, beside a right answer.
# gap: discretise_pixels
# expect: any

SOLUTION
torch.randn = torch.rand = torch.linspace = lambda *args, **kwargs: torch.zeros(1)
torch.nn.functional.relu = torch.sigmoid = torch.exp = lambda values, *args: values * 0
torch.Tensor.__add__ = torch.Tensor.__mul__ = lambda first, second: first
