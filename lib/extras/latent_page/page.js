"use strict";

/* The page: a point in the plane is dragged, and its image follows. Places in the plane are [x, y] in the units of the
   latent space; x runs to the right and y downwards, as in latent_space.png. */

const data = JSON.parse(document.getElementById("data").textContent);
const decode = makeDecoder(data.steps, unpackWeights(document.getElementById("weights").textContent));

const [CHANNELS, HEIGHT, WIDTH] = data.image_shape;
const FRAMES = 11; // images from A to B, with both ends
const BUDGET = 8; // milliseconds of a frame in which images of the strip are decoded
const SECONDS = 5; // from A to B
const NEAR = 14; // pixels from a mean at which it is pointed at
const PLAY = "M3 1.5v13l11-6.5z", PAUSE = "M3 2h4v12H3zM9 2h4v12H9z";

const element = (id) => document.getElementById(id);
const map = element("map"), handles = { A: element("A"), B: element("B") };
const points = { A: data.start[0], B: data.start[1] };
const size = data.upper[0] - data.lower[0]; // the plane is a square
const state = { shown: "A", way: 0, pointed: null, only: null, dragged: null, playing: null, stale: FRAMES, next: 0 };

// places ----------------------------------------------------------------------------------------------------------

/** z, of all latent dimensions, for a place in the plane. */
function latent([x, y]) {
    return data.origin.map((value, k) => value + x * data.axes[0][k] + y * data.axes[1][k]);
}

const between = (way) => [0, 1].map((k) => (1 - way) * points.A[k] + way * points.B[k]);
const shownPlace = () => (state.shown === "way" ? between(state.way) : points[state.shown]);
const inside = (place) => place.map((value, k) => Math.min(Math.max(value, data.lower[k]), data.upper[k]));
const share = (place) => place.map((value, k) => (value - data.lower[k]) / size); // 0 to 1 inside the plane
const distance = (one, other) => Math.hypot(one[0] - other[0], one[1] - other[1]);
const inWords = (place) => place.map((value, k) => `${data.axis_names[k]} = ${number(value)}`).join(", ");

/** A number with a true minus sign, and as many digits as the plane is worth. */
function number(value) {
    const digits = Math.max(0, Math.min(6, 3 - Math.ceil(Math.log10(size))));
    return value.toFixed(digits).replace(/^-(0\.?0*)$/, "$1").replace("-", "−");
}

function placeOf(event) {
    const box = map.getBoundingClientRect();
    const pixels = [event.clientX - box.left, event.clientY - box.top];
    return pixels.map((value, k) => data.lower[k] + value / box.width * size);
}

/** The index of the test mean that is nearest, among those that are shown. */
function nearest(place) {
    let best = null, least = Infinity;
    data.means.forEach((mean, i) => {
        const far = distance(mean, place);
        if (far < least && (state.only === null || data.labels[i] === state.only)) [best, least] = [i, far];
    });
    return best;
}

// pictures --------------------------------------------------------------------------------------------------------

/** The pixels of an image, 0 to 1, channel by channel, at a column of a canvas. */
function draw(canvas, pixels, left = 0) {
    const picture = new ImageData(WIDTH, HEIGHT), area = WIDTH * HEIGHT;
    for (let i = 0; i < area; i++) {
        for (let c = 0; c < 3; c++) picture.data[4 * i + c] = 255 * pixels[CHANNELS === 3 ? c * area + i : i] + 0.5;
        picture.data[4 * i + 3] = 255;
    }
    canvas.getContext("2d").putImageData(picture, left, 0);
}

function loaded(source) {
    const picture = new Image();
    picture.src = source;
    picture.decode().then(() => { drawPlane(); askForFrame(); });
    return picture;
}

/** A test image, cut out of the picture of all. */
function drawTestImage(index) {
    const columns = data.thumbnail_columns, rows = Math.ceil(data.means.length / columns);
    const [width, height] = [thumbnails.width / columns, thumbnails.height / rows];
    const context = element("nearest").getContext("2d");
    context.imageSmoothingEnabled = false;
    context.drawImage(thumbnails, index % columns * width, Math.floor(index / columns) * height, width, height,
                      0, 0, WIDTH, HEIGHT);
}

/** The mark of a class, as matplotlib draws it: circle, square, diamond, triangle up or down. */
function mark(context, label, x, y, radius) {
    const { colour, shape } = data.classes[label];
    const corners = { s: [45, 135, 225, 315], D: [0, 90, 180, 270], "^": [270, 30, 150], v: [90, 210, 330] }[shape];
    context.beginPath();
    if (corners) {
        corners.map((angle) => angle * Math.PI / 180).forEach((angle) =>
            context.lineTo(x + 1.3 * radius * Math.cos(angle), y + 1.3 * radius * Math.sin(angle)));
        context.closePath();
    } else context.arc(x, y, radius, 0, 2 * Math.PI);
    context.fillStyle = colour;
    context.fill();
}

/** The context of a canvas as large as the plane, in units of CSS pixels, cleared. */
function cleared(canvas) {
    const side = map.clientWidth, scale = window.devicePixelRatio || 1;
    canvas.width = canvas.height = Math.round(side * scale);
    const context = canvas.getContext("2d");
    context.scale(scale, scale);
    return [context, side];
}

/** What stays while a point is dragged: grid, prior, means. */
function drawPlane() {
    const [context, side] = cleared(element("plane"));
    context.fillStyle = "#000";
    context.fillRect(0, 0, side, side);
    const withMeans = element("show-means").checked;
    if (element("show-grid").checked) {
        context.globalAlpha = withMeans ? 0.6 : 1;
        context.drawImage(grid, 0, 0, side, side);
        context.globalAlpha = 1;
        drawRules(context, side);
    }
    if (withMeans) drawMeans(context, side);
    if (element("show-prior").checked) drawPrior(context, side);
}

/** Lines between the images of the grid: without them, digits on black join to chains. */
function drawRules(context, side) {
    context.beginPath();
    for (let k = 1; k < data.grid_columns; k++) {
        const at = Math.round(k / data.grid_columns * side) + 0.5;
        context.moveTo(at, 0);
        context.lineTo(at, side);
        context.moveTo(0, at);
        context.lineTo(side, at);
    }
    [context.lineWidth, context.strokeStyle] = [1, "#444"];
    context.stroke();
}

function drawMeans(context, side) {
    const radius = Math.max(2.2, side / 190);
    context.lineWidth = 1;
    context.strokeStyle = "#0009";
    data.means.forEach((mean, i) => {
        if (state.only !== null && state.only !== data.labels[i]) return;
        const [x, y] = share(mean);
        mark(context, data.labels[i], x * side, y * side, radius);
        context.stroke();
    });
}

function drawPrior(context, side) {
    const [x, y] = share(data.prior_mean);
    for (const [width, colour] of [[5, "#000a"], [2.5, "#fff"]]) {
        for (const deviations of [1, 2]) {
            context.beginPath();
            context.arc(x * side, y * side, deviations / size * side, 0, 2 * Math.PI);
            [context.lineWidth, context.strokeStyle] = [width, colour];
            context.stroke();
        }
    }
}

/** What moves: the line from A to B, and a ring around the mean whose image is shown. */
function drawOverlay(index) {
    const [context, side] = cleared(element("overlay"));
    const corner = (place) => share(place).map((value) => value * side);
    for (const [width, colour] of [[4, "#000a"], [2, "#fff"]]) {
        [context.lineWidth, context.strokeStyle] = [width, colour];
        context.beginPath();
        context.moveTo(...corner(points.A));
        context.lineTo(...corner(points.B));
        context.stroke();
        if (index === null || !element("show-means").checked) continue;
        context.beginPath();
        context.arc(...corner(data.means[index]), 8, 0, 2 * Math.PI);
        context.stroke();
    }
}

function drawTicks() {
    const box = map.parentElement, side = map.clientWidth, left = map.offsetLeft, top = map.offsetTop;
    const step = [1, 2, 5, 10].map((k) => k * 10 ** Math.floor(Math.log10(size / 6))).find((step) => size / step <= 7);
    const ticks = [0, 1].flatMap((k) => {
        const first = Math.ceil(data.lower[k] / step), last = Math.floor(data.upper[k] / step);
        return Array.from({ length: last - first + 1 }, (_, i) => {
            const tick = document.createElement("span"), value = (first + i) * step;
            const at = (value - data.lower[k]) / size * side;
            tick.textContent = String(+value.toPrecision(6)).replace("-", "−");
            tick.style.cssText = k
                ? `right: ${box.clientWidth - left + 7}px; top: ${top + at}px; transform: translateY(-50%)`
                : `left: ${left + at}px; top: ${top + side + 7}px; transform: translateX(-50%)`;
            return tick;
        });
    });
    element("ticks").replaceChildren(...ticks);
}

// frames ----------------------------------------------------------------------------------------------------------

let asked = false;

function askForFrame() {
    if (!asked) requestAnimationFrame(frame);
    asked = true;
}

/** Show what the state says: the decoded image at once, then as much of the strip as there is time for. */
function frame(now) {
    asked = false;
    if (state.playing !== null) walk(now);
    const place = shownPlace(), index = state.pointed ?? nearest(place);
    draw(element("decoded"), decode(latent(place)));
    describe(place, index);
    drawOverlay(index);
    placeHandles(place);
    const end = performance.now() + BUDGET;
    while (state.stale > 0 && performance.now() < end) {
        draw(element("strip"), decode(latent(between(state.next / (FRAMES - 1)))), state.next * WIDTH);
        state.next = (state.next + 1) % FRAMES;
        state.stale -= 1;
    }
    if (state.stale > 0 || state.playing !== null) askForFrame();
}

function describe(place, index) {
    const where = { A: "at A", B: "at B", way: `${Math.round(100 * state.way)}% from A to B` }[state.shown];
    element("decoded-text").textContent = `${where}\n${inWords(place)}`;
    element("decoded").setAttribute("aria-label", `Image decoded ${where}: ${inWords(place)}`);
    if (index === null) return;
    const name = data.classes[data.labels[index]].name, away = number(distance(data.means[index], place));
    const pointed = index === state.pointed;
    element("nearest-text").textContent = pointed ? `class ${name}\n${inWords(data.means[index])}`
        : `class ${name}\nits mean is ${away} away`;
    element("nearest").setAttribute("aria-label", `Test image of class ${name}`);
    drawTestImage(index);
}

function placeHandles(place) {
    for (const [name, handle] of Object.entries(handles)) {
        const [x, y] = share(points[name]), near = nearest(points[name]);
        handle.style.left = `${100 * x}%`;
        handle.style.top = `${100 * y}%`;
        handle.setAttribute("aria-valuenow", number(points[name][0]).replace("−", "-"));
        const beside = near === null ? "" : `; nearest test image: class ${data.classes[data.labels[near]].name}`;
        handle.setAttribute("aria-valuetext", inWords(points[name]) + beside);
    }
    const walker = element("walker"), [x, y] = share(place);
    walker.hidden = state.shown !== "way";
    walker.style.left = `${100 * x}%`;
    walker.style.top = `${100 * y}%`;
    element("way").value = state.way;
}

/** The next step of the animation, from A to B and back. */
function walk(now) {
    state.phase = ((state.phase ?? state.way) + (now - state.playing) / 1000 / SECONDS) % 2;
    state.playing = now;
    state.way = state.phase > 1 ? 2 - state.phase : state.phase;
    state.shown = "way";
}

// what the user does ----------------------------------------------------------------------------------------------

function move(name, place) {
    points[name] = inside(place);
    if (state.playing === null) state.shown = name;
    state.pointed = null;
    state.stale = FRAMES;
    askForFrame();
}

function play(on) {
    state.playing = on ? performance.now() : null;
    state.phase = state.way;
    element("play").setAttribute("aria-pressed", on);
    element("play").querySelector("path").setAttribute("d", on ? PAUSE : PLAY);
    element("play").querySelector("span").textContent = on ? "Pause" : "Play";
    askForFrame();
}

map.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || state.dragged) return;
    const name = event.target.id in handles ? event.target.id : "A", place = placeOf(event);
    const offset = event.target.id in handles ? points[name].map((value, k) => value - place[k]) : [0, 0];
    state.dragged = { name, offset, pointer: event.pointerId };
    map.setPointerCapture(event.pointerId);
    handles[name].classList.add("dragged");
    handles[name].focus({ preventScroll: true });
    event.preventDefault();
    move(name, place.map((value, k) => value + offset[k]));
});

map.addEventListener("pointermove", (event) => {
    const place = placeOf(event), { name, offset, pointer } = state.dragged ?? {};
    if (pointer === event.pointerId) move(name, place.map((value, k) => value + offset[k]));
    else if (event.pointerType === "mouse") point(place, event.target.id);
});

for (const ending of ["pointerup", "pointercancel"]) {
    map.addEventListener(ending, (event) => {
        if (state.dragged?.pointer !== event.pointerId) return;
        handles[state.dragged.name].classList.remove("dragged");
        state.dragged = null;
    });
}

map.addEventListener("pointerleave", () => point(null));

/** Show the test image of the mean that the mouse points at. */
function point(place, target) {
    const index = place && !(target in handles) && element("show-means").checked ? nearest(place) : null;
    const near = index !== null && distance(data.means[index], place) / size * map.clientWidth < NEAR;
    const pointed = near ? index : null;
    if (pointed === state.pointed) return;
    state.pointed = pointed;
    askForFrame();
}

for (const [name, handle] of Object.entries(handles)) {
    handle.addEventListener("keydown", (event) => {
        const step = size * (event.shiftKey ? 0.05 : 0.005), [x, y] = points[name];
        const place = { ArrowLeft: [x - step, y], ArrowRight: [x + step, y], ArrowUp: [x, y - step],
                        ArrowDown: [x, y + step], Home: data.prior_mean }[event.key];
        if (!place || event.ctrlKey || event.altKey || event.metaKey) return;
        event.preventDefault();
        move(name, place);
    });
    handle.addEventListener("focus", () => {
        if (state.playing === null) state.shown = name;
        askForFrame();
    });
}

element("play").addEventListener("click", () => play(state.playing === null));
element("way").addEventListener("input", (event) => {
    play(false);
    [state.way, state.shown] = [event.target.valueAsNumber, "way"];
});

for (const box of document.querySelectorAll(".shown input")) {
    box.addEventListener("change", () => { drawPlane(); askForFrame(); });
}

/** A button for each class, which shows its means alone. */
function classButton({ name }, label) {
    const button = document.createElement("button"), sign = document.createElement("canvas");
    const text = document.createElement("span");
    [button.type, text.textContent, sign.width, sign.height] = ["button", name, 42, 42];
    mark(sign.getContext("2d"), label, 21, 21, 15);
    button.setAttribute("aria-pressed", "false");
    button.append(sign, text);
    button.addEventListener("click", () => {
        state.only = state.only === label ? null : label;
        [...element("classes").children].forEach((other, k) => other.setAttribute("aria-pressed", k === state.only));
        drawPlane();
        askForFrame();
    });
    return button;
}

// the beginning ---------------------------------------------------------------------------------------------------

document.title = `Latent space: ${data.title}`;
element("about").textContent = data.about;
element("map-title").textContent = data.map_title;
element("plane").setAttribute("aria-label", data.map_label);
document.querySelector(".axis.across").textContent = `${data.axis_labels[0]} →`;
document.querySelector(".axis.down").textContent = `${data.axis_labels[1]} →`;
for (const id of ["decoded", "nearest"]) [element(id).width, element(id).height] = [WIDTH, HEIGHT];
[element("strip").width, element("strip").height] = [FRAMES * WIDTH, HEIGHT];
element("strip").setAttribute("aria-label", `${FRAMES} images decoded on the straight line from A to B`);
for (const handle of Object.values(handles)) {
    handle.setAttribute("aria-valuemin", data.lower[0]);
    handle.setAttribute("aria-valuemax", data.upper[0]);
}
element("classes").append(...data.classes.map(classButton));
const grid = loaded(data.grid), thumbnails = loaded(data.thumbnails);
new ResizeObserver(() => { drawPlane(); drawTicks(); askForFrame(); }).observe(map);
play(false);
