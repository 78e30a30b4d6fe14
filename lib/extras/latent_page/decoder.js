"use strict";

/* A decoder in plain JavaScript, from z to the pixels of an image. description.py has the list of its steps.

   A step is made once, with all the memory that it needs, and then called for each image: it takes a row of numbers and
   returns one, which stays as it is until the step is called again. */

/** Base64 of little-endian float16 numbers -> Float32Array. */
function unpackWeights(base64) {
    const bytes = Uint8Array.from(atob(base64.trim()), (letter) => letter.charCodeAt(0));
    const numbers = Float32Array.from({ length: 65536 }, (_, bits) => {
        const exponent = (bits >> 10) & 31, fraction = (bits & 1023) / 1024;
        const size = exponent ? 2 ** (exponent - 15) * (1 + fraction) : 2 ** -14 * fraction;
        return bits >> 15 ? -size : size;
    });
    return Float32Array.from(new Uint16Array(bytes.buffer), (bits) => numbers[bits]);
}

/** The function from z, an array of latent_size numbers, to the pixels: Float32Array, channel by channel. */
function makeDecoder(steps, weights) {
    const part = (place) => (place ? weights.subarray(...place) : null);
    const made = steps.map((step) => STEPS[step.kind](step, part));
    return (z) => made.reduce((row, apply) => apply(row), Float32Array.from(z));
}

const sigmoid = (x) => 1 / (1 + Math.exp(-x));
const softplus = (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));

/** y += factor * W, for `count` numbers from y[at] and W[w] on. Most of the time goes by here. */
function addMultiple(y, at, factor, W, w, count) {
    if (factor === 0) return; // what a ReLU has cut off
    for (let i = 0; i < count; i++) y[at + i] += factor * W[w + i];
}

/** A matrix with so many columns, column by column. */
function byColumn(matrix, columns) {
    const rows = matrix.length / columns;
    return Float32Array.from(matrix, (_, i) => matrix[(i % rows) * columns + Math.floor(i / rows)]);
}

const STEPS = {
    linear({ rows, inputs, outputs, weight, bias }, part) {
        const [W, b] = [byColumn(part(weight), inputs), part(bias)], y = new Float32Array(rows * outputs);
        return (x) => {
            for (let row = 0; row < rows; row++) {
                if (b) y.set(b, row * outputs);
                else y.fill(0, row * outputs, (row + 1) * outputs);
                for (let i = 0; i < inputs; i++) {
                    addMultiple(y, row * outputs, x[row * inputs + i], W, i * outputs, outputs);
                }
            }
            return y;
        };
    },

    /* Each connection takes a pixel of the image that is read, in all of its channels, to one of the image that is
       written. That one is kept pixel by pixel on the way, so that the innermost loop runs through memory in order. */
    convolution(step, part) {
        const { transposed, groups, small, large, bias } = step, b = part(bias);
        const [read, written] = transposed ? [small, large] : [large, small];
        const [area, count] = [written[1] * written[2], written[0] / groups];
        const positions = step.kernel[0] * step.kernel[1];
        const W = weightsByConnection(step, part(step.weight)), { from, to, kernel } = connections(step);
        const [sums, y] = [new Float32Array(written[0] * area), new Float32Array(written[0] * area)];
        return (x) => {
            sums.fill(0);
            for (let c = 0; c < read[0]; c++) {
                const start = c * read[1] * read[2], group = Math.floor(c / (read[0] / groups)) * count;
                for (let n = 0; n < from.length; n++) {
                    const w = (c * positions + kernel[n]) * count;
                    addMultiple(sums, to[n] * written[0] + group, x[start + from[n]], W, w, count);
                }
            }
            for (let c = 0; c < written[0]; c++) {
                for (let i = 0; i < area; i++) y[c * area + i] = sums[i * written[0] + c] + (b ? b[c] : 0);
            }
            return y;
        };
    },

    upsample({ channels, from, to }) {
        const y = new Float32Array(channels * to[0] * to[1]), [down, across] = [to[0] / from[0], to[1] / from[1]];
        return (x) => {
            for (let row = 0, at = 0; row < channels * to[0]; row++) {
                const start = Math.floor(row / down) * from[1];
                for (let column = 0; column < to[1]; column++) y[at++] = x[start + Math.floor(column / across)];
            }
            return y;
        };
    },

    scale({ size, factor, shift }, part) {
        const [a, b] = [part(factor), part(shift)], y = new Float32Array(a.length * size);
        return (x) => {
            for (let c = 0, at = 0; c < a.length; c++) for (let i = 0; i < size; i++, at++) y[at] = a[c] * x[at] + b[c];
            return y;
        };
    },

    activation(step) {
        const f = ACTIVATIONS[step.name](step);
        return (x) => {
            for (let i = 0; i < x.length; i++) x[i] = f(x[i]);
            return x;
        };
    },

    mean(step) {
        const f = MEANS[step.name](step), { pixels, parameters } = step;
        const y = new Float32Array(pixels), theta = new Float64Array(parameters);
        return (x) => {
            for (let i = 0; i < pixels; i++) {
                for (let k = 0; k < parameters; k++) theta[k] = x[k * pixels + i];
                y[i] = f(theta);
            }
            return y;
        };
    },
};

/** Which pixel `from` is read for which pixel `to`, by which position of the `kernel`.

    Pixel s of the small image is connected with pixel s * stride - padding + k * dilation of the large one, for each
    position k of the kernel. A convolution reads the large image, a transposed one the small image. */
function connections({ transposed, small, large, kernel: [height, width], stride, padding, dilation }) {
    const pairs = [];
    for (let row = 0; row < small[1]; row++) {
        for (let column = 0; column < small[2]; column++) {
            for (let k = 0; k < height * width; k++) {
                const y = row * stride[0] - padding[0] + Math.floor(k / width) * dilation[0];
                const x = column * stride[1] - padding[1] + (k % width) * dilation[1];
                if (y < 0 || y >= large[1] || x < 0 || x >= large[2]) continue;
                const ends = [row * small[2] + column, y * large[2] + x];
                pairs.push([...(transposed ? ends : ends.reverse()), k]);
            }
        }
    }
    const [from, to, kernel] = [0, 1, 2].map((part) => Int32Array.from(pairs, (pair) => pair[part]));
    return { from, to, kernel };
}

/** The weights in the order [channel read][position of the kernel][channel written, of the same group]. torch has them
    as [channel of the small image][channel of the large one, of the same group][position]. */
function weightsByConnection({ transposed, groups, small: [smalls], large: [larges], kernel }, weight) {
    const positions = kernel[0] * kernel[1], [smallsOf, largesOf] = [smalls / groups, larges / groups];
    const W = new Float32Array(weight.length);
    for (let s = 0, at = 0; s < smalls; s++) {
        for (let l = 0; l < largesOf; l++) {
            const read = transposed ? s : Math.floor(s / smallsOf) * largesOf + l;
            const [written, count] = transposed ? [l, largesOf] : [s % smallsOf, smallsOf];
            for (let k = 0; k < positions; k++) W[(read * positions + k) * count + written] = weight[at++];
        }
    }
    return W;
}

const ACTIVATIONS = {
    relu: () => (x) => Math.max(x, 0),
    leaky_relu: ({ negative_slope: slope }) => (x) => (x < 0 ? slope * x : x),
    elu: ({ alpha }) => (x) => (x < 0 ? alpha * Math.expm1(x) : x),
    gelu: ({ approximate }) => approximate === "tanh"
        ? (x) => 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3)))
        : (x) => 0.5 * x * (1 + erf(x / Math.SQRT2)),
    silu: () => (x) => x * sigmoid(x),
    sigmoid: () => sigmoid,
    softplus: ({ beta, threshold }) => (x) => (x * beta > threshold ? x : softplus(x * beta) / beta),
    tanh: () => Math.tanh,
};

/** Abramowitz and Stegun, Handbook of Mathematical Functions, 1964, formula 7.1.26: right to 1.5e-7. */
function erf(x) {
    const t = 1 / (1 + 0.3275911 * Math.abs(x));
    const series = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
    return Math.sign(x) * (1 - series * Math.exp(-x * x));
}

/* The mean of each likelihood of lib/likelihoods.py, from what the network gives for one pixel and channel. */
const MEANS = {
    gaussian: () => (outputs) => sigmoid(outputs[0]),
    bernoulli: () => (logit) => sigmoid(logit[0]),
    beta({ least, most }) {
        const concentration = (output) => least + most * sigmoid(output - Math.log(most));
        return (outputs) => {
            const alpha = concentration(outputs[0]), beta = concentration(outputs[1]);
            return alpha / (alpha + beta);
        };
    },
    categorical: () => (logits) => {
        let highest = -Infinity, total = 0, sum = 0;
        for (const logit of logits) highest = Math.max(highest, logit);
        for (let k = 0; k < logits.length; k++) {
            const weight = Math.exp(logits[k] - highest);
            total += weight;
            sum += weight * (k + 0.5);
        }
        return sum / total / logits.length;
    },
    continuous_bernoulli: ({ most }) => (outputs) => {
        const eta = outputs[0] / (1 + Math.abs(outputs[0]) / most);
        return Math.abs(eta) < 1e-2 ? 0.5 + eta / 12 : -1 / Math.expm1(-eta) - 1 / eta;
    },
    logistic({ least }) {
        return (outputs) => {
            const mean = sigmoid(outputs[0]), scale = least + (1 - least) * sigmoid(outputs[1] + Math.log(1 / 9));
            return scale * (softplus(mean / scale) - softplus((mean - 1) / scale));
        };
    },
};
