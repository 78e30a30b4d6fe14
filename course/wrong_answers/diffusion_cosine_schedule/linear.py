# misconception: Any schedule will do.
# says: is not right

betas = torch.linspace(1e-4, 0.02, T, dtype=torch.float64)
