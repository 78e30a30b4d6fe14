"""Pictures show what they should, at the right places."""

import itertools

import numpy as np
import pytest
import torch
from matplotlib.colors import to_rgb, to_rgba_array

from lib.support.figures.curves import gan_curves, loss_curve, loss_curves, schedules_figure
from lib.support.figures.densities import DATA, POINTS, SAMPLES, data_figure, limits, samples_figure, steps_figure
from lib.support.figures.grids import image_grid, labelled_rows
from lib.support.figures.latent_plane import COLOURS, class_style, latent_plot


def test_an_image_grid_has_each_image_at_its_place():
    """Row by row, with white lines between, enlarged pixel by pixel."""
    images = torch.linspace(0, 1, 6).view(6, 1, 1, 1).expand(6, 1, 2, 3)
    grid = image_grid(images, columns=3, padding=1, scale=2)
    assert grid.dtype == np.uint8 and grid.shape == (2 * (2 * 2 + 3), 2 * (3 * 3 + 4), 3)
    for number in range(6):
        row, column = divmod(number, 3)
        block = grid[2 + row * 6:6 + row * 6, 2 + column * 8:8 + column * 8]
        assert (block == round(255 * number / 5)).all()
    assert (grid[:2] == 255).all() and (grid[:, :2] == 255).all()


def test_colours_keep_their_channels():
    """A red image stays red."""
    red = torch.zeros(1, 3, 2, 2)
    red[:, 0] = 1
    assert image_grid(red, columns=1, padding=0, scale=1).tolist() == [[[255, 0, 0]] * 2] * 2


@pytest.mark.parametrize(("count", "shape"), [(8, (1, 28, 28)), (3, (1, 8, 8)), (1, (3, 64, 64)), (2, (3, 1, 2))])
def test_rows_of_images_have_their_names_on_the_left(count, shape):
    """Each row's images in their order, large enough to see, beside a name; one row never runs into the next."""
    rows = {"dark": torch.zeros(count, *shape), "light": torch.full((count, *shape), 0.8)}
    picture = labelled_rows(list(rows.items()))
    scale = max(2, round(56 / shape[1]))
    images = image_grid(torch.cat(list(rows.values())), columns=count, scale=scale)
    margin = picture.shape[1] - images.shape[1]
    assert picture.dtype == np.uint8 and (picture[:, margin:] == images).all()
    for names in np.array_split(picture[:, :margin], 2):
        assert 0.005 < (names < 128).mean() < 0.3 and (names[:, -4:] == 255).all()


def test_groups_of_rows_have_space_between_them():
    """Images stand below each other in all groups, whatever the length of the names."""
    rows = [(name, torch.full((3, 1, 8, 8), 0.5)) for name in ("a", "a much longer name", "b", "c")]
    whole, grouped = labelled_rows(rows), labelled_rows(rows, group=2)
    assert grouped.shape[1] == whole.shape[1]
    white = (grouped == 255).all((1, 2))
    assert (white.cumsum()[len(white) // 2 + 5] - white.cumsum()[len(white) // 2 - 6]) > 8
    assert (labelled_rows(rows[:2]) == labelled_rows(rows[:2], group=5)).all()


def test_the_latent_plot_has_images_and_crosses_at_the_right_places():
    """Each image is centred on its latent point, latent 0 to the right, latent 1 downwards, up to the far edge."""
    columns, rows, lower, step = 4, 3, (-1.0, 2.0), (0.5, 0.25)
    images = np.zeros((columns, rows, 1, 5, 7), dtype=np.float32)
    images[:] = (np.arange(columns)[:, None] / 8 + np.arange(rows) / 4)[..., None, None, None]
    upper = (-1.0 + 3 * 0.5, 2.0 + 2 * 0.25)
    axes = latent_plot(images, lower, step, ["first", "last"], np.array([lower, upper]), np.full((2, 2), 0.1)).axes[0]
    plane = axes.images[0].get_array()
    left, right, bottom, top = axes.images[0].get_extent()
    assert plane.shape == (rows * 5, columns * 7) and bottom > top
    for column in range(columns):
        for row in range(rows):
            x, y = lower[0] + column * step[0], lower[1] + row * step[1]
            pixel = plane[int((y - top) / (bottom - top) * rows * 5), int((x - left) / (right - left) * columns * 7)]
            assert np.isclose(pixel, column / 8 + row / 4)
    assert [text.get_text() for text in axes.texts] == ["first", "last"]
    assert [tuple(text.xy) for text in axes.texts] == [lower, upper]
    assert [bars.lines[0].get_xydata().tolist() for bars in axes.containers] == [[list(lower)], [list(upper)]]
    assert axes.get_xlim() == (left, right) and axes.get_ylim() == (bottom, top)
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("latent 0", "latent 1")


def latent_figure(num_classes, spread=1.0, name="{}"):
    centres = spread * np.random.default_rng(0).normal(size=(num_classes, 2))
    names = [name.format(number) for number in range(num_classes)]
    return latent_plot(np.zeros((4, 3, 1, 5, 7)), (-2.0, -2.0), (1.0, 2.0), names, centres,
                       np.full((num_classes, 2), 0.1))


def test_images_of_the_latent_plot_are_apart():
    """A line lies between each two neighbours, and none across an image."""
    axes = latent_figure(2).axes[0]
    lines = [line for line in axes.lines if line.get_marker() == "None"]
    upright = [line.get_xdata()[0] for line in lines if line.get_xdata()[0] == line.get_xdata()[1]]
    level = [line.get_ydata()[0] for line in lines if line.get_ydata()[0] == line.get_ydata()[1]]
    assert upright == [-1.5, -0.5, 0.5] and level == [-1, 1]


def test_the_latent_plot_explains_its_crosses():
    """What centre and arms mean stands in the picture."""
    [legend] = latent_figure(2).legends
    [text] = legend.get_texts()
    assert "mean" in text.get_text() and "arms" in text.get_text()


@pytest.mark.parametrize("spread", [1.0, 0.0], ids=["spread", "collapsed"])
def test_labels_of_classes_do_not_hide_each_other(spread):
    """Also where all classes lie at one point, each label is readable."""
    figure = latent_figure(10, spread)
    figure.draw_without_rendering()
    boxes = [label.get_bbox_patch().get_window_extent() for label in figure.axes[0].texts]
    centres = np.array([[(box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2] for box in boxes])
    distances = np.linalg.norm(centres[:, None] - centres, axis=2) + 99 * np.eye(10)
    assert distances.min() > boxes[0].width


def test_labels_lie_outwards_of_their_classes():
    """Around the middle of all classes, in the order of these, so that no lines cross."""
    turns = 2 * np.pi * np.random.default_rng(0).permutation(10) / 10
    circle = np.stack([np.cos(turns), np.sin(turns)], 1)
    axes = latent_plot(np.zeros((4, 4, 1, 5, 5)), (-2.0, -2.0), (1.0, 1.0), list("0123456789"), circle,
                       np.full((10, 2), 0.1)).axes[0]
    for label, (right, down) in zip(axes.texts, circle, strict=True):
        assert np.dot(label.get_position(), (right, -down)) > 12


def test_a_long_name_does_not_hide_the_centre_of_its_class():
    """It grows away from there."""
    figure = latent_figure(10, name="hard-leaved orchid no. {}")
    figure.draw_without_rendering()
    axes = figure.axes[0]
    for label in axes.texts:
        assert not label.get_bbox_patch().get_window_extent().contains(*axes.transData.transform(label.xy))


def test_classes_differ_by_colour_or_marker():
    """Ten classes have ten colours, 50 differ in colour or marker, and whoever has more still gets one."""
    assert len({class_style(number)[0] for number in range(10)}) == 10
    assert len({class_style(number) for number in range(50)}) == 50
    assert class_style(1000)


# What people without one of the three kinds of cones see, in linear RGB (Machado, Oliveira and Fernandes, 2009).
SIGHTS = {"usual": [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
          "protanopia": [[0.152, 1.053, -0.205], [0.115, 0.786, 0.099], [-0.004, -0.048, 1.052]],
          "deuteranopia": [[0.367, 0.861, -0.228], [0.280, 0.673, 0.047], [-0.012, 0.043, 0.969]],
          "tritanopia": [[1.256, -0.077, -0.179], [-0.078, 0.931, 0.148], [0.005, 0.691, 0.304]]}


def seen(colour, sight):
    """A colour in CIE Lab, in which a distance of about 2 is just noticed."""
    encoded = np.array(to_rgb(colour))
    linear = np.where(encoded <= 0.04045, encoded / 12.92, ((encoded + 0.055) / 1.055) ** 2.4)
    linear = np.clip(np.array(SIGHTS[sight]) @ linear, 0, 1)
    matrix = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    x, y, z = np.cbrt(matrix @ linear / matrix.sum(1))
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


@pytest.mark.parametrize("sight", SIGHTS)
def test_colours_of_classes_differ_from_each_other_and_from_grey(sight):
    """Also for the colour-blind; those of matplotlib's own cycle do not, nor do the greys of a small palette."""
    def least(colours):
        return min(np.linalg.norm(seen(one, sight) - seen(other, sight))
                   for one, other in itertools.combinations(colours, 2))
    assert least(COLOURS) > 10 > least(["#787878", "#7f7a75", "#808080"])
    assert all(np.hypot(*seen(colour, sight)[1:]) > 6 for colour in COLOURS)


def test_both_panel_hides_neither_data_nor_samples():
    """The points of both are mixed at random, in the colours that its legend names, on axes with names."""
    data, samples = np.random.default_rng(0).normal(size=(2, 3000, 2))
    panels = samples_figure(data, samples).axes
    assert [panel.get_title() for panel in panels] == ["data", "samples", "both"]
    assert [panel.get_xlabel() for panel in panels] == ["$x_1$"] * 3 and panels[0].get_ylabel() == "$x_2$"
    both = panels[2].collections[0]
    is_sample = (both.get_facecolors()[:, :3] == to_rgba_array(SAMPLES)[0, :3]).all(1)
    assert is_sample.sum() == 3000 == (both.get_facecolors()[:, :3] == to_rgba_array(DATA)[0, :3]).all(1).sum()
    points = both.get_offsets()
    assert (np.sort(points[is_sample], 0) == np.sort(samples, 0)).all()
    assert abs(is_sample[:3000].mean() - 0.5) < 0.06  # six standard errors: neither lies above the other
    assert [text.get_text() for text in panels[2].get_legend().get_texts()] == ["data", "samples"]


def test_samples_outside_of_the_axes_are_counted():
    """An empty panel says why it is empty."""
    data, samples = np.random.default_rng(0).uniform(-1, 1, size=(2, 1000, 2))
    samples[:250] += 9
    assert samples_figure(data, samples).axes[1].get_title() == "samples (25% of them lie outside)"


CLOUD = np.random.default_rng(0).normal(size=(50, 2))
METRICS = ("train_loss", "test_loss", "train_kl", "test_kl", "loss_g", "D_x")
LOSSES = [{"epoch": epoch, **dict.fromkeys(METRICS, 9 / epoch)} for epoch in range(1, 9)]
FIGURES = {
    "data": lambda: data_figure(CLOUD, "text:" + "W" * 100),
    "one step": lambda: steps_figure({"time 0 of 1": CLOUD}, limits(CLOUD, 3.0)),
    "six steps": lambda: steps_figure({f"time {step} of 100": CLOUD for step in range(6)}, limits(CLOUD, 3.0)),
    "samples": lambda: samples_figure(CLOUD, CLOUD),
    "samples far off": lambda: samples_figure(CLOUD + 1e4, CLOUD + 1e4),
    "loss": lambda: loss_curve(LOSSES),
    "losses": lambda: loss_curves(LOSSES, {"loss": "nats", "kl": "nats"}),
    "gan": lambda: gan_curves(LOSSES),
    "schedules": lambda: schedules_figure({"cosine": np.linspace(1, 0, 9)}, "cosine"),
    "latent": lambda: latent_figure(10),
}


@pytest.mark.parametrize("name", FIGURES)
def test_nothing_is_cut_off_at_the_edges(name):
    """Titles, names of axes and legends lie inside the picture."""
    figure = FIGURES[name]()
    figure.draw_without_rendering()
    width, height = figure.bbox.size
    for part in (*figure.axes, *figure.legends):
        box = part.get_tightbbox()
        assert 0 <= box.x0 and box.x1 <= width and 0 <= box.y0 and box.y1 <= height


def test_all_pictures_of_points_name_their_axes():
    """Also those side by side, of which only the first shows the name of the vertical axis; no more than POINTS."""
    points = np.zeros((POINTS + 5, 2)) + [[1.0, 2.0]]
    for figure in (data_figure(points, "moons"), steps_figure({"a": points, "b": points}, limits(points, 3.0))):
        assert all(axes.get_xlabel() == "$x_1$" for axes in figure.axes)
        assert figure.axes[0].get_ylabel() == "$x_2$"
        assert len(figure.axes[0].collections[0].get_offsets()) == POINTS


def test_loss_curves_show_training_and_test():
    """A panel for each term, with both curves over all epochs."""
    history = [{"epoch": epoch, **{f"{part}_{term}": float(epoch) for part in ("train", "test")
                                   for term in ("loss", "reconstruction", "kl")}} for epoch in (1, 2, 3)]
    panels = loss_curves(history, {"loss": "nats", "reconstruction": "nats", "kl": "bits"}).axes
    assert [panel.get_title() for panel in panels] == ["loss", "reconstruction", "kl"]
    assert [panel.get_ylabel() for panel in panels] == ["nats", "nats", "bits"]
    for panel in panels:
        assert [line.get_label() for line in panel.lines] == ["train", "test"]
        assert all(line.get_xydata()[:, 0].tolist() == [1, 2, 3] for line in panel.lines)


def falling(epochs, first):
    """A loss of `first` in the first epoch, which then falls from 2 to 1."""
    later = np.linspace(2, 1, max(epochs - 1, 1))
    return [{"epoch": epoch, "train_loss": value} for epoch, value in enumerate([first, *later][:epochs], 1)]


@pytest.mark.parametrize(("first", "loc", "arrow"), [(500, "left", "↑"), (-90, "right", "↓")])
@pytest.mark.parametrize("epochs", [5, 15, 250])
def test_the_first_epoch_does_not_flatten_the_curve(epochs, first, loc, arrow):
    """All later epochs fill the axes, and a note says where the first one is."""
    axes = loss_curve(falling(epochs, first)).axes[0]
    low, high = axes.get_ylim()
    last_left_out = max(1, epochs // 20)
    assert low < 1 < axes.lines[0].get_ydata()[last_left_out] < high < 2.2
    assert axes.get_title(loc) == f"{arrow} {first} in epoch 1" and axes.get_title() == "training loss"
    assert axes.get_xlim()[0] < 1


def test_a_curve_that_fits_is_shown_whole():
    """Nothing is cut off where the first epoch does not dominate, where there are few epochs, or something happens
    later: a loss that jumps up is to be seen.
    """
    jump = falling(40, 2.5)
    jump[25]["train_loss"] = 80.0
    for history in (falling(15, 2.3), falling(4, 500), falling(1, 500), jump):
        axes = loss_curve(history).axes[0]
        low, high = axes.get_ylim()
        values = [row["train_loss"] for row in history]
        assert low < min(values) and max(values) < high
        assert not axes.get_title("left") and not axes.get_title("right")


def test_a_loss_that_is_not_finite_leaves_the_others_in_view():
    """An infinite loss has no place in the picture, and does not keep others out of it."""
    history = falling(15, 500)
    history[3]["train_loss"] = float("inf")
    assert loss_curve(history).axes[0].get_ylim()[1] < 2.2


def test_losses_of_a_gan_are_not_flattened_either():
    """The first loss of the generator may be many times what comes later."""
    row = {"loss_d_real": 0.5, "loss_d_fake": 0.4, "loss_g": 1.5, "D_x": 0.6, "D_G_z1": 0.4, "D_G_z2": 0.3}
    history = [{"epoch": epoch, **row} for epoch in range(1, 21)]
    history[0]["loss_g"] = 30
    losses, probabilities, variety = gan_curves(history).axes
    assert losses.get_ylim()[1] < 2 and losses.get_title("left") == "↑ 30 in epoch 1"
    assert probabilities.get_ylim() == (0, 1) and variety.get_ylim()[0] == 0


@pytest.mark.parametrize("number", [*range(1, 20), 250, 584])
def test_ticks_are_epochs_that_there_were(number):
    """No tick at 2.5 epochs, nor at epoch 0 or beyond the last."""
    schedule = np.linspace(1, 0, number)
    for figure in (loss_curve(falling(number, 3)), schedules_figure({"cosine": schedule}, "cosine")):
        ticks = figure.axes[0].get_xticks()
        assert len(ticks) and set(ticks) <= set(range(1, number + 1)) and (number == 1 or len(ticks) > 1)
