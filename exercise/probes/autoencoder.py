"""Questions about the forward pass of the autoencoder: encoder, decoder and likelihood are stand-ins.

Its two networks are asked in exercise/probes/networks.py.
"""

from torch import Tensor, nn

from exercise.asking.afterwards import watch
from exercise.probes import accelerator


def forward(x, to_code, to_outputs, cotangent, training=True):
    """What `forward` gives, what the stand-ins for its parts were given, and the gradients of <cotangent, theta>.

    Args:
        x: images.
        to_code: matrix of the encoder, (pixels, latent_size): code = x to_code, plus 1 in training mode.
        to_outputs: of the decoder, (latent_size, outputs per pixel, ...): outputs = z to_outputs, plus 1 likewise.
    """
    autoencoder = _with_stand_ins(to_code, to_outputs).train(training)
    theta = watch(autoencoder, "the autoencoder")(watch(x.clone(), "x"))
    if isinstance(theta, Tensor) and theta.requires_grad and theta.shape == cotangent.shape:
        (theta * cotangent).sum().backward()
    return {"theta": theta, "given": {part: getattr(autoencoder, part).given for part in ("encoder", "decoder")},
            "gradients": {part: getattr(autoencoder, part).matrix.grad for part in ("encoder", "decoder")}}


def forward_on_gpu(x, to_code, to_outputs):
    """The device of theta where the images and the two stand-ins lie on a make-believe GPU."""
    autoencoder = _with_stand_ins(to_code, to_outputs)
    with accelerator.pretend():
        accelerator.move(autoencoder)
        return {"device": autoencoder(x.to("cuda")).device.type}


class _Linear(nn.Module):
    """A matrix that remembers the batches it was given; in training mode all it gives is larger by 1.

    A batch that does not fit gives zeros, so that the judge sees it. A layer is there that nobody should touch.
    """

    def __init__(self, matrix):
        super().__init__()
        self.matrix, self.given, self.bystander = nn.Parameter(matrix), [], nn.BatchNorm1d(2)

    def forward(self, batch):
        self.given.append(batch.detach())
        if batch.numel() != len(batch) * len(self.matrix):
            return batch.new_zeros(len(batch), *self.matrix.shape[1:])
        rows = batch.reshape(len(batch), -1) @ self.matrix.flatten(1)
        return rows.view(-1, *self.matrix.shape[1:]) + float(self.training)


class _Likelihood(nn.Module):
    """theta(o) = 2 o + 1, for any number of outputs per pixel."""

    def theta(self, outputs):
        return 2 * outputs + 1

    def mean(self, theta):
        return theta[:, 0]


def _with_stand_ins(to_code, to_outputs):
    from lib.model_autoencoder import Autoencoder
    likelihood = _Likelihood()
    likelihood.outputs_per_pixel = to_outputs.shape[1]
    return Autoencoder(_Linear(to_code), _Linear(to_outputs), likelihood, to_code.shape[1])
