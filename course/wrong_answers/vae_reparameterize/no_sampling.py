# misconception: z is mu, the best estimate, in training too.
# says: z does not vary: in training mode it is a random sample

z = mu
