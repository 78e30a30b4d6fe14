"""The page of a latent space: what a decoder is described by, and, in a real browser, what the page makes of it."""

import json
import re

import numpy as np
import pytest
import torch
from torch import nn

import make_latent_page
from course import browser
from lib.extras.latent_page.description import describe
from lib.extras.latent_page.page import latent_page
from lib.likelihoods import LIKELIHOODS, Gaussian, likelihood_named
from lib.model_conv_vae import ConvVAE
from lib.model_vae import VAE
from lib.support.data.image_sets import ImageSet
from lib.trained_vaes import BernoulliVAE
from tests.repository.scripts import ROOT, one_line_of

CLASSES = ("round", "</script><b>bold", "$a$ & b")


def in_browser(test):
    """A test that takes a browser, which takes its time."""
    return pytest.mark.slow(pytest.mark.skipif(bool(browser.missing()), reason=browser.missing())(test))


def noise(shape, count=40):
    """Random ones of three classes."""
    return ImageSet("noise", torch.randint(256, (count, *shape), dtype=torch.uint8), torch.arange(count) % 3, CLASSES)


# what a decoder is described by --------------------------------------------------------------------------------------

class Shout(nn.Module):
    """A layer that nobody else has."""

    def forward(self, x):
        return 2 * x


@pytest.mark.parametrize(("layer", "named"), [
    (Shout(), "Shout"), (nn.Sequential(nn.Identity(), nn.MultiheadAttention(4, 1)), "MultiheadAttention"),
    (nn.Sequential(nn.Unflatten(1, (1, 2, 2)), nn.Conv2d(1, 1, 3, padding=1, padding_mode="reflect")), "reflect"),
    (nn.Sequential(nn.Unflatten(1, (1, 2, 2)), nn.Upsample(scale_factor=2, mode="bilinear")), "bilinear"),
    (nn.Sequential(nn.Unflatten(1, (1, 2, 2)), nn.Upsample(size=(3, 4))), "(1, 3, 4)"),
    (nn.BatchNorm1d(4, track_running_stats=False), "running statistics")])
def test_a_layer_that_the_page_cannot_compute_is_named(layer, named):
    with pytest.raises(ValueError, match=re.escape(named)):
        describe(nn.Sequential(nn.Linear(2, 4), layer), 2, Gaussian())


def test_a_weight_beyond_float16_is_refused():
    layer = nn.Linear(2, 4)
    nn.init.constant_(layer.weight, 7e4)
    with pytest.raises(ValueError, match="7e\\+04"):
        describe(layer, 2, Gaussian())


def test_a_likelihood_whose_mean_the_page_does_not_know():
    class Cauchy(Gaussian):
        pass
    with pytest.raises(ValueError, match="Cauchy"):
        describe(nn.Linear(2, 4), 2, Cauchy())


def test_one_latent_dimension_makes_no_plane():
    with pytest.raises(ValueError, match="--latent_size 2"):
        latent_page(BernoulliVAE(VAE(1, 4, 4, 5, 1)), noise((1, 4, 4)), "line")


def test_a_decoder_that_is_more_than_its_layers_is_refused():
    """A student's decode may do anything; a page that shows something else would lie."""
    vae = BernoulliVAE(VAE(1, 4, 4, 5, 2))
    vae.vae.decode = lambda z: torch.sigmoid(vae.vae.decode_output(vae.vae.decode_hidden(z).tanh())).view(-1, 1, 4, 4)
    with pytest.raises(ValueError, match="one after the other"):
        latent_page(vae, noise((1, 4, 4)), "other")


def test_without_a_trained_vae_the_script_says_how_to_make_one(tmp_path, capsys):
    assert make_latent_page.main([str(tmp_path)]) == 2
    assert "python run_vae_training.py" in one_line_of(capsys)


@pytest.mark.parametrize("count", [1, 2])
def test_few_test_images_are_enough_for_two_dimensions(count):
    assert "<!DOCTYPE html>" in latent_page(BernoulliVAE(VAE(1, 4, 4, 5, 2)), noise((1, 4, 4), count), "few")


# in a browser --------------------------------------------------------------------------------------------------------

@pytest.fixture(scope="module")
def driver():
    """One browser for all tests."""
    with browser.open_browser() as driver:
        yield driver


@pytest.fixture(scope="module")
def vaes():
    """A fully connected VAE with two latent dimensions, and a convolutional one with four and a Beta likelihood."""
    torch.manual_seed(0)
    vaes = {"mlp": BernoulliVAE(VAE(1, 6, 8, 20, 2)),
            "conv": ConvVAE(3, 8, 10, 4, 4, likelihood_named("beta"))}
    with torch.no_grad():
        for weight in (weight for vae in vaes.values() for weight in vae.parameters()):
            weight.mul_(3)  # images that differ from each other
    return {name: vae.eval() for name, vae in vaes.items()}


@pytest.fixture(scope="module")
def pages(vaes, tmp_path_factory):
    """The file of each page, and the test images."""
    made = {}
    for name, vae in vaes.items():
        file = tmp_path_factory.mktemp("page") / f"{name}.html"
        images = noise(tuple(vae.decode(torch.zeros(1, vae.latent_size)).shape[2:]))
        file.write_text(latent_page(vae, images, name), encoding="utf-8")
        made[name] = file, images
    return made


@pytest.fixture
def opened(driver, pages):
    """Open a page, wide or as on a phone; returns the function of scripts and the test images."""
    def open_page(name, width=1360):
        file, images = pages[name]
        browser.resize(driver, width, 900)
        driver.get(file.as_uri())
        settle(driver)
        return driver.execute_script, images
    yield open_page
    assert driver.get_log("browser") == []


def settle(driver):
    """Wait until pictures are read and nothing is left to draw."""
    driver.execute_async_script(
        "const done = arguments[0], wait = () => state.stale > 0 || asked ? requestAnimationFrame(wait) : done();"
        "Promise.all([grid.decode(), thumbnails.decode()]).then(() => requestAnimationFrame(wait));")


def image_of(vae, z):
    with torch.no_grad():
        return vae.likelihood.mean(vae.decode(torch.tensor([z])))[0].numpy()


def canvas(run, name):
    """What a canvas shows, 0 to 1, shape (3, height, width)."""
    height, width, pixels = run(
        f"const canvas = document.getElementById('{name}'), {{ width, height }} = canvas;"
        "return [height, width, [...canvas.getContext('2d').getImageData(0, 0, width, height).data]]")
    return np.array(pixels).reshape(height, width, 4).transpose(2, 0, 1)[:3] / 255


def middle_of(run, place):
    """Where a place in the plane is in the window."""
    return run("const box = map.getBoundingClientRect(), [x, y] = share(arguments[0]);"
               "return [box.left + x * box.width, box.top + y * box.height]", place)


def pointer(driver, kind, *path, press=True):
    """Move a mouse or a finger to the first point of the window, press it, move through the others, and let go."""
    from selenium.webdriver.common.action_chains import ActionBuilder
    from selenium.webdriver.common.actions.pointer_input import PointerInput
    actions = ActionBuilder(driver, mouse=PointerInput(kind, kind), duration=10)
    actions.pointer_action.move_to_location(*map(round, path[0]))
    if press:
        actions.pointer_action.pointer_down()
        for point in path[1:]:
            actions.pointer_action.move_to_location(*map(round, point))
        actions.pointer_action.pointer_up()
    actions.perform()
    settle(driver)


LAYERS = {
    "activations": nn.Sequential(nn.Linear(3, 8), nn.Tanh(), nn.Linear(8, 8), nn.LeakyReLU(0.2), nn.Linear(8, 8),
                                 nn.ELU(0.7), nn.Linear(8, 8), nn.GELU(), nn.Linear(8, 8), nn.GELU("tanh"),
                                 nn.Linear(8, 8), nn.SiLU(), nn.Linear(8, 8), nn.Softplus(2), nn.Linear(8, 8),
                                 nn.Sigmoid(), nn.Linear(8, 6, bias=False), nn.ReLU()),
    "convolutions": nn.Sequential(nn.Linear(3, 12), nn.BatchNorm1d(12), nn.Unflatten(1, (2, 2, 3)),
                                  nn.Conv2d(2, 6, 3, padding="same", dilation=2), nn.BatchNorm2d(6), nn.Dropout(),
                                  nn.Upsample(scale_factor=2), nn.Conv2d(6, 4, (1, 3), stride=(2, 1), groups=2)),
    "transposed": nn.Sequential(nn.Linear(3, 36), nn.ReLU(), nn.Unflatten(1, (6, 2, 3)), nn.Sequential(
        nn.ConvTranspose2d(6, 4, (2, 3), stride=(3, 2), padding=(0, 1), output_padding=(2, 1), groups=2,
                           dilation=(1, 2)), nn.Identity()), nn.ConvTranspose2d(4, 1, 2, bias=False), nn.Flatten()),
} | {name: nn.Sequential(nn.Linear(3, 9), nn.Tanh(), nn.Linear(9, 6 * likelihood_named(name, bins=5).outputs_per_pixel))
     for name in LIKELIHOODS}


@in_browser
@pytest.mark.parametrize("name", LAYERS)
def test_the_page_decodes_what_pytorch_decodes(name, driver):
    """Every layer that can be described, and the mean of every likelihood."""
    network, likelihood = LAYERS[name].eval(), likelihood_named(name, bins=5) if name in LIKELIHOODS else None
    torch.manual_seed(0)
    with torch.no_grad():
        for layer in network.modules():
            if hasattr(layer, "reset_parameters"):
                layer.reset_parameters()
            if isinstance(layer, nn.BatchNorm1d | nn.BatchNorm2d):
                layer.running_mean.normal_(), layer.running_var.uniform_(0.5, 2), layer.weight.normal_()
    z = torch.cat([torch.zeros(1, 3), 4 * torch.randn(5, 3)])
    described = describe(network, 3, likelihood)
    script = (ROOT / "lib/extras/latent_page/decoder.js").read_text(encoding="utf-8")
    weights = np.frombuffer(described.weights, "<f2").astype(float).tolist()
    found = driver.execute_script(
        f"{script}; const decode = makeDecoder(JSON.parse(arguments[0]), Float32Array.from(arguments[1]));"
        "return arguments[2].map((z) => [...decode(z)])", json.dumps(described.steps), weights, z.tolist())
    with torch.no_grad():
        outputs = network(z)
        wanted = outputs if likelihood is None else likelihood.mean(likelihood.theta(
            outputs.view(len(z), likelihood.outputs_per_pixel, 1, 2, -1)))
    assert np.allclose(found, wanted.flatten(1), atol=1e-2)


@in_browser
@pytest.mark.parametrize("name", ["mlp", "conv"])
def test_images_in_the_page_are_those_of_the_vae(name, opened, vaes):
    """At A, on the strip from A to B, and anywhere in the plane; all coordinates of z are those of the plane."""
    run, images = opened(name)
    origin, axes = (torch.tensor(run(f"return data.{part}")).float() for part in ("origin", "axes"))
    if name == "conv":  # the plane of two principal components, with all others at their mean
        with torch.no_grad():
            mu = vaes[name].encode(images.images / 255)[0]
        assert torch.allclose(origin, mu.mean(0), atol=1e-5)
        _, _, directions = torch.linalg.svd(mu - mu.mean(0), full_matrices=False)
        assert torch.allclose((axes @ directions[:2].T).abs(), torch.eye(2), atol=1e-3)
    ends = [(origin + torch.tensor(point) @ axes).tolist() for point in run("return [points.A, points.B]")]
    assert np.allclose(canvas(run, "decoded"), image_of(vaes[name], ends[0]), atol=1e-2)
    strip, width = canvas(run, "strip"), images.shape[2]
    for at, z in zip((0, 5, 10), (ends[0], np.mean(ends, 0).tolist(), ends[1]), strict=True):
        assert np.allclose(strip[:, :, at * width:][:, :, :width], image_of(vaes[name], z), atol=1e-2)
    wanted = image_of(vaes[name], (origin + torch.tensor([0.3, -1.2]) @ axes).tolist()).ravel()
    assert np.allclose(run("return [...decode(latent([0.3, -1.2]))]"), wanted, atol=1e-2)


@in_browser
@pytest.mark.parametrize(("kind", "width", "name"), [("mouse", 1360, "A"), ("touch", 390, "B")])
def test_a_point_is_dragged_and_its_image_follows(kind, width, name, opened, driver, vaes):
    """By a mouse, and by a finger on a phone, where the page stays where it is and is no wider than the screen."""
    run, _ = opened("mlp", width)
    run("document.getElementById('map').scrollIntoView({ block: 'center' })")
    scrolled, goal = run("return scrollY"), [0.4, 0.9]
    pointer(driver, kind, middle_of(run, run(f"return points.{name}")), middle_of(run, [0, 0]), middle_of(run, goal))
    found = run(f"return points.{name}")
    assert np.allclose(found, goal, atol=run("return 2 * size / map.clientWidth"))
    assert np.allclose(canvas(run, "decoded"), image_of(vaes["mlp"], found), atol=1e-2)
    assert run("return scrollY") == scrolled and run("return document.documentElement.scrollWidth <= innerWidth")


@in_browser
def test_arrow_keys_move_the_point_that_has_the_focus(opened, driver):
    """A step, with Shift a larger one, not beyond the plane; Home goes to the mean of the prior."""
    from selenium.webdriver import Keys
    run, _ = opened("mlp")
    handle = driver.find_element("id", "B")
    before, size = np.array(run("return points.B")), run("return size")
    handle.send_keys(Keys.ARROW_RIGHT, Keys.ARROW_DOWN, Keys.ARROW_DOWN)
    assert np.allclose(run("return points.B"), before + np.array([1, 2]) * 0.005 * size)
    handle.send_keys(Keys.HOME)
    settle(driver)
    assert run("return points.B") == [0, 0] and "latent 0 = 0.00" in handle.get_attribute("aria-valuetext")
    handle.send_keys(*[Keys.SHIFT, Keys.ARROW_UP] * 30)
    assert np.allclose(run("return points.B"), [0, run("return data.lower[1]")])


@in_browser
def test_pointing_at_a_mean_shows_its_test_image(opened, driver):
    """And the name of its class, as it is, whatever signs it has."""
    run, images = opened("mlp")
    means = torch.tensor(run("return data.means"))
    places = torch.cat([means, torch.tensor(run("return [points.A, points.B]"))])
    index = int(torch.cdist(means, places).sort(1).values[:, 1].argmax())  # alone, and under none of the handles
    pointer(driver, "mouse", middle_of(run, means[index].tolist()), press=False)
    assert np.allclose(canvas(run, "nearest"), images.images[index] / 255, atol=1e-2)
    assert CLASSES[images.labels[index]] in driver.find_element("id", "nearest-text").text


@in_browser
def test_the_animation_goes_from_a_to_b(opened, driver):
    """Play moves the slider and the decoded image until it is pressed again."""
    run, _ = opened("mlp")
    button = driver.find_element("id", "play")
    button.click()
    driver.execute_async_script("setTimeout(arguments[0], 200)")
    button.click()
    settle(driver)
    way = run("return state.way")
    assert 0 < way < 1 and run("return document.getElementById('way').valueAsNumber") == pytest.approx(way, abs=0.01)
    decoded = run("return [...decode(latent(between(state.way)))]")
    assert np.allclose(canvas(run, "decoded")[0].ravel(), decoded, atol=1e-2)


@in_browser
def test_no_request_leaves_the_page(opened, driver, pages):
    """All that it loads are the file itself and what lies in it; what a script might ask for is refused."""
    driver.get_log("performance")
    run, _ = opened("conv")
    messages = [json.loads(entry["message"])["message"] for entry in driver.get_log("performance")]
    asked = {message["params"]["request"]["url"].partition(";base64")[0] for message in messages
             if message["method"] == "Network.requestWillBeSent"}
    assert asked - {"data:,"} == {pages["conv"][0].as_uri(), "data:image/png"}  # the icon is empty
    refused = driver.execute_async_script(
        "document.addEventListener('securitypolicyviolation', () => arguments[0](true));"
        "fetch('http://127.0.0.1:9/').catch(() => 0)")
    assert refused
    driver.get_log("browser")
