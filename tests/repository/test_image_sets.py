"""Image sets and batches: what is refused, and that batches hold each image once, as floats in [0, 1]."""

import pytest
import torch

from lib.support.data.image_sets import Batches, ImageSet


def byte_images(n, channels=1, size=4):
    """An image set of n random images; the label of an image is its place."""
    images = torch.randint(0, 256, (n, channels, size, size), dtype=torch.uint8)
    return ImageSet("made", images, torch.arange(n), tuple(map(str, range(n))))


def test_an_image_is_its_bytes_over_255_exactly_as_torchvision_has_it():
    from torchvision.transforms.functional import to_tensor
    every_byte = torch.arange(256, dtype=torch.uint8).view(1, 1, 16, 16)
    image_set = ImageSet("bytes", every_byte, torch.tensor([3]), tuple("0123"))
    expected = to_tensor(every_byte[0].permute(1, 2, 0).numpy())
    (images, labels), = Batches(image_set, 1)
    assert images.dtype == torch.float32 and torch.equal(images[0], expected)
    assert labels.dtype == torch.int64 and labels.tolist() == [3]
    image, label = image_set[0]
    assert torch.equal(image, expected) and label == 3


def test_the_loader_of_torch_takes_an_image_set_and_agrees_with_our_batches():
    image_set = byte_images(10, channels=3)
    ours, theirs = Batches(image_set, 4), torch.utils.data.DataLoader(image_set, batch_size=4)
    assert len(ours) == len(theirs) == 3
    for (our_images, our_labels), (their_images, their_labels) in zip(ours, theirs, strict=True):
        assert torch.equal(our_images, their_images) and torch.equal(our_labels, their_labels)


def test_without_a_generator_batches_keep_the_order_and_the_last_one_is_smaller():
    batches = Batches(byte_images(10), 4)
    for _ in range(2):
        assert [labels.tolist() for _, labels in batches] == [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9]]


def test_with_a_generator_each_pass_has_each_image_once_in_a_new_order():
    image_set = byte_images(50)
    batches = Batches(image_set, 8, generator=torch.Generator().manual_seed(1))
    orders = []
    for _ in range(2):
        images, labels = (torch.cat(part) for part in zip(*batches, strict=True))
        assert sorted(labels.tolist()) == list(range(50))
        assert torch.equal(images, image_set.images[labels].float() / 255)
        orders.append(labels.tolist())
    assert orders[0] != orders[1] != list(range(50))


def test_the_same_seed_gives_the_same_orders_and_the_global_generator_is_left_alone():
    image_set = byte_images(50)
    state = torch.get_rng_state()
    first, second = (Batches(image_set, 8, generator=torch.Generator().manual_seed(5)) for _ in range(2))
    for (_, some), (_, others) in zip([*first, *first], [*second, *second], strict=True):
        assert torch.equal(some, others)
    assert torch.equal(state, torch.get_rng_state())


def test_what_is_done_to_a_batch_does_not_reach_the_image_set():
    image_set = byte_images(6)
    before = image_set.images.clone()
    for images, _ in Batches(image_set, 3):
        images.zero_()
    image_set[0][0].zero_()
    assert torch.equal(image_set.images, before)


def test_a_batch_size_beyond_the_set_gives_one_batch_of_all_images():
    batches = Batches(byte_images(3), 100)
    assert len(batches) == 1 and [len(images) for images, _ in batches] == [3]


@pytest.mark.parametrize("batch_size", [0, -1])
def test_a_batch_size_below_one_is_refused(batch_size):
    with pytest.raises(ValueError, match=f"1 or more, not {batch_size}"):
        Batches(byte_images(3), batch_size)


def test_batches_tell_what_they_are_made_of():
    image_set, generator = byte_images(3), torch.Generator()
    batches = Batches(image_set, 2, generator=generator)
    assert len(batches.dataset) == 3 and batches.dataset.shape == (1, 4, 4) and batches.dataset.name == "made"
    assert batches.generator is generator and batches.batch_size == 2


def test_batches_move_the_whole_set_to_the_device():
    batches = Batches(byte_images(3), 2, generator=torch.Generator(), device="meta")
    assert batches.dataset.images.device.type == "meta" and batches.dataset.images.dtype == torch.uint8
    assert all(part.device.type == "meta" for batch in batches for part in batch)


def test_a_split_holds_out_the_last_images():
    first, last = byte_images(10).split(3)
    assert first.labels.tolist() == list(range(7)) and last.labels.tolist() == [7, 8, 9]
    assert len(first) == 7 and first.shape == last.shape == (1, 4, 4)


@pytest.mark.parametrize("n_held_out", [-1, 0, 10, 11])
def test_a_split_with_an_empty_part_is_refused(n_held_out):
    with pytest.raises(ValueError, match="1 to 9 can be held out"):
        byte_images(10).split(n_held_out)


@pytest.mark.parametrize("images, labels, named", [
    (torch.zeros(2, 1, 4, 4), torch.zeros(2, dtype=torch.int64), "float32"),
    (torch.zeros(2, 4, 4, dtype=torch.uint8), torch.zeros(2, dtype=torch.int64), r"\(2, 4, 4\)"),
    (torch.zeros(0, 1, 4, 4, dtype=torch.uint8), torch.zeros(0, dtype=torch.int64), "at least 1"),
    (torch.zeros(2, 1, 4, 4, dtype=torch.uint8), torch.zeros(3, dtype=torch.int64), r"\(3,\)"),
    (torch.zeros(2, 1, 4, 4, dtype=torch.uint8), torch.zeros(2), "float32"),
])
def test_an_image_set_of_another_type_or_shape_is_refused(images, labels, named):
    with pytest.raises(ValueError, match=named):
        ImageSet("wrong", images, labels, ("a",))
