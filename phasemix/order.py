"""In which order to train cells: the longest first, so that no core waits for one at the end."""

from phasemix.config import Config
from phasemix.flops import training_flops

UNKNOWN_VOCABULARY = 50_304  # of a tokenizer of the hub, which is not read while planning: Pythia's


def priorities(config: Config) -> dict[tuple[str, str, str], int]:
    """The rank of every cell by what is left to train before it is done, by experiment, size and horizon.

    A trunk is ranked as its longest horizon, because all longer ones wait for it, by the horizon
    ``"trunk"``.
    """
    train = config.tokenizer.train if config.tokenizer.source == "train" else None
    vocabulary = train.vocabulary if train else UNKNOWN_VOCABULARY
    costs = {}
    for name, experiment in config.experiments.items():
        for cell in experiment.cells:
            recipe = experiment.recipe_to(cell.horizon)
            a_step = recipe.batch_tokens * training_flops(config.models[cell.size], vocabulary, recipe.context)
            steps = recipe.steps - recipe.cooldown_step if cell.horizon else recipe.steps
            costs[name, cell.size, cell.horizon] = steps * a_step
            if cell.horizon:
                costs[name, cell.size, "trunk"] = experiment.recipe.steps * a_step
    ranks = {cost: rank for rank, cost in enumerate(sorted(set(costs.values())), start=1)}
    return {key: ranks[cost] for key, cost in costs.items()}
