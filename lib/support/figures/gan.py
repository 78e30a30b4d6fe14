"""Pictures of how the training of a GAN went. Nothing here writes a file."""

from lib.support.figures.grids import new_figure

__all__ = ["gan_curves"]

_LOSSES = {"loss_d_real": "D on real images", "loss_d_fake": "D on made images", "loss_g": "G"}
_PROBABILITIES = {"D_x": "D(x), real images", "D_G_z1": "D(G(z)), before D's step", "D_G_z2": "D(G(z)), after it"}
_VARIETY = {"diversity": "diversity, of the data's",
            "coverage": "kinds of blossoms covered", "evenness": "evenness of kinds"}


def gan_curves(history: list[dict]):
    """Losses, probabilities and variety over the epochs.

    Args:
        history: rows with the keys "epoch" and those of `lib.train_gan.METRICS`; some rows also tell of variety.
    Returns: a matplotlib figure.
    """
    figure = new_figure(14, 3.8)
    losses, probabilities, variety = figure.subplots(1, 3)
    _curves(losses, history, _LOSSES, "losses", "nats", guide=0.693, guide_label="ln 2, for D = 1/2")
    _curves(probabilities, history, _PROBABILITIES, "what D says", "probability of being real", guide=0.5,
            guide_label="1/2, D cannot tell")
    _curves(variety, history, _VARIETY, "variety of the samples", "share")
    probabilities.set_ylim(0, 1)
    variety.set_ylim(bottom=0)
    return figure


def _curves(axes, history, names, title, unit, guide=None, guide_label="") -> None:
    for key, label in names.items():
        rows = [row for row in history if key in row]
        if rows:
            axes.plot([row["epoch"] for row in rows], [row[key] for row in rows], label=label, linewidth=1,
                      marker="." * (len(rows) == 1))
    if guide is not None:
        axes.axhline(guide, color="gray", linestyle=":", label=guide_label)
    axes.set(title=title, xlabel="epoch", ylabel=unit)
    axes.xaxis.get_major_locator().set_params(integer=True)
    axes.grid(alpha=0.3)
    axes.legend(fontsize=8)
