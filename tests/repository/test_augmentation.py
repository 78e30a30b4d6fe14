"""Random changes to batches: what may change, what may not, and where the random numbers come from."""

import torch

from lib.support.data.augmentation import Augmented, mirrored, random_crops
from lib.support.data.image_sets import Batches, ImageSet


def numbered(count, size):
    """Images whose pixels are all different."""
    return torch.arange(count * 3 * size * size).view(count, 3, size, size).float()


def test_each_image_or_its_mirror_image():
    """Mirrored is each image as a whole, in about half of 2,000 (7 sigma: a false alarm in 4e11 runs)."""
    images = numbered(2000, 4)
    found = mirrored(images, torch.Generator().manual_seed(1))
    same, other = ((found == expected).flatten(1).all(1) for expected in (images, images.flip(3)))
    assert (same ^ other).all() and abs(int(other.sum()) - 1000) < 7 * 2000**0.5 / 2


def test_crops_are_connected_and_come_from_everywhere():
    """A crop is a square of neighbours; of 9 places none is left out in 2,000 draws (probability below 1e-100)."""
    images = numbered(2000, 6)
    crops = random_crops(images, 4, torch.Generator().manual_seed(1))
    assert crops.shape == (2000, 3, 4, 4)
    corners = set()
    for image, crop in zip(images, crops, strict=True):
        top, left = divmod(int(crop[0, 0, 0] - image[0, 0, 0]), 6)
        assert torch.equal(crop, image[:, top:top + 4, left:left + 4])
        corners.add((top, left))
    assert corners == {(top, left) for top in range(3) for left in range(3)}


def test_a_crop_of_the_whole_size_is_the_image():
    images = numbered(3, 5)
    assert torch.equal(random_crops(images, 5), images)


def augmented(mirror=True, size=4, of=6):
    images = torch.randint(0, 256, (10, 3, of, of), dtype=torch.uint8, generator=torch.Generator().manual_seed(0))
    image_set = ImageSet("some", images, torch.arange(10), tuple("abcdefghij"))
    return Augmented(Batches(image_set, 4, generator=torch.Generator().manual_seed(5)), size, mirror)


def test_batches_are_scaled_and_keep_their_labels():
    """From [0, 1] to [-1, 1]; without crop and mirror an image is what it was."""
    loader = augmented(mirror=False, of=4)
    batches = list(loader)
    assert len(batches) == len(loader) == 3
    images, labels = (torch.cat(parts) for parts in zip(*batches, strict=True))
    assert sorted(labels.tolist()) == list(range(10))
    assert torch.allclose(images, loader.dataset.images[labels].float() / 127.5 - 1, atol=1e-6)


def test_the_loaders_generator_draws_the_changes():
    """Restoring its state, as a resumed run does, gives the same batches, whatever the global generator does."""
    loader = augmented()
    state = loader.generator.get_state()
    first = [images for images, _ in loader]
    second = [images for images, _ in loader]
    loader.generator.set_state(state)
    torch.manual_seed(99)
    again = [images for images, _ in loader]
    assert all(map(torch.equal, first, again)) and not all(map(torch.equal, first, second))
