"""What the judges of drawn codes share: distributions whose truth is known, and distances of samples to them."""

import math
from collections.abc import Callable, Mapping

import torch
from torch import Tensor
from torch.distributions import Distribution

from tests.judge import Draw

__all__ = ["copied", "energy_distance", "follows", "named_ends", "problems", "reach"]

FALSE_ALARM = 1e-9  # of one comparison; a test has fewer than 100
_CORNERS = torch.tensor([[1., 1, 1, 1], [1, -1, 1, -1], [1, 1, -1, -1], [1, -1, -1, 1]]) / 2  # orthonormal

