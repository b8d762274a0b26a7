"""The command line.

``phasemix laws fit | predict | compare | plot``, ``phasemix mix search | utilities | influences | optimise | plot``,
``phasemix popularity infer``, ``phasemix wikibio build``.

Here arguments are read. What a command does is in :mod:`phasemix.commands`, and is imported when it runs.
"""

import argparse
import json
import os
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from phasemix.base import errors
from phasemix.base.files import unchanged
from phasemix.fitting.holdout_kinds import HOLDOUTS
from phasemix.laws import NAMES, load_law
from phasemix.mixers import NAMES as MIXERS
from phasemix.mixers import load_mixer

_Parsers = Any
"""What ``ArgumentParser.add_subparsers`` gives, whose class argparse keeps to itself."""

FILES = {"bash": "_shtab_compgen_files", "zsh": "_files", "tcsh": "f"}


def main() -> None:
    """Run the command that the command line names; mistakes of the user are one line and exit code 1.

    Products of matrices as small as those of laws take many times as long on threads that wait for each other on busy
    cores, so NumPy gets one thread unless the user says otherwise.
    """
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    errors.run(lambda: run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> None:
    """Run the command of a list of arguments.

    Raises:
        PhasemixError: a mistake of the user.
    """
    args = parser().parse_args(arguments)
    read = [
        path
        for name in ("runs", "law", "optimum", "domains")
        if Path(path := getattr(args, name, None) or "").is_file()
    ]
    with unchanged(read):
        found = _command(args.command)(args)
    shown = json.dumps(found.record, ensure_ascii=False, indent=2) if args.json else found.text
    if shown:
        print(shown)


def _command(name: str) -> Callable[[argparse.Namespace], Any]:
    """What runs a command.

    Raises:
        PhasemixError: it needs a library that is not installed.
    """
    try:
        run_command: Callable[[argparse.Namespace], Any] = import_module(f"phasemix.commands.{name}").run
    except ModuleNotFoundError as error:
        if (error.name or "").startswith(f"{__package__}."):
            raise
        raise errors.PhasemixError(f'this needs {error.name}: pip install "phasemix[workflow]"') from error
    return run_command


def parser(*, names: bool = False) -> argparse.ArgumentParser:
    """What the command line may say.

    Args:
        names: refuse other names of laws and mixers here, so that shells can complete them; commands have a better word
            for it.
    """
    found = argparse.ArgumentParser(prog="phasemix", description="Laws of mixing pre-training data.")
    groups = found.add_subparsers(required=True, metavar="laws | mix | popularity | wikibio | completion")
    _add_laws(groups, (*NAMES, "auto") if names else None)
    _add_mix(groups, MIXERS if names else None)
    _add_popularity(groups)
    _add_wikibio(groups)
    completion = _add(groups, "completion", "completion", "print a script that completes commands in a shell")
    completion.add_argument("shell", choices=("bash", "zsh", "tcsh"), help="which shell")
    return found


def _add(groups: _Parsers, name: str, command: str, words: str, **options: Any) -> argparse.ArgumentParser:
    """A command; the module of :mod:`phasemix.commands` that runs it."""
    found = groups.add_parser(name, help=words, **options)
    found.add_argument("--json", action="store_true", help="print what was found as JSON")
    found.set_defaults(command=command)
    return found


def _add_laws(groups: _Parsers, names: tuple[str, ...] | None) -> None:
    laws = groups.add_parser("laws", help="fit laws on a table of runs, predict with them, compare them")
    commands = laws.add_subparsers(required=True, metavar="fit | predict | compare | plot")

    fit = _add(commands, "fit", "laws_fit", "fit a law", formatter_class=_AsIs, add_help=False)
    fit.add_argument("-h", "--help", action=_HelpWith, about=_about_laws, help="show this help message and exit")
    _file(fit.add_argument("runs", metavar="RUNS", help="table of runs, .csv or .parquet"))
    fit.add_argument(
        "--law", required=True, choices=names, metavar="NAME|auto", help="its name, or auto: the one that predicts best"
    )
    fit.add_argument(
        "--holdout", choices=HOLDOUTS, default="mixtures", help="by which auto chooses: what it will be asked about"
    )
    fit.add_argument("--fraction", type=_share, default=0.2, help="of steps held out by auto (default: .2)")
    fit.add_argument("--seed", type=int, default=0, help="of random starts (default: 0)")
    _file(fit.add_argument("--out", type=Path, required=True, metavar="LAW.json", help="the fitted law"))

    predict = _add(commands, "predict", "laws_predict", "predict losses with a fitted law")
    _file(predict.add_argument("law", metavar="LAW.json", help="what fit wrote"))
    _file(
        predict.add_argument(
            "runs", metavar="RUNS", help="table with mix columns, and size or step where the law has them"
        )
    )
    predict.add_argument(
        "--intervals", type=_share, metavar="P", help="add columns low.… and high.… of this confidence"
    )
    predict.add_argument(
        "--refuse-outside", action="store_true", help="predict nothing for rows outside what the law was fitted on"
    )
    _file(
        predict.add_argument("--out", type=Path, required=True, metavar="PRED.csv", help="the table with predictions")
    )

    comparison = _add(commands, "compare", "laws_compare", "compare laws on held-out runs")
    _file(comparison.add_argument("runs", metavar="RUNS", help="table of runs, .csv or .parquet"))
    comparison.add_argument(
        "--laws", nargs="+", choices=names and names[:-1], metavar="NAME", help="which (default: all)"
    )
    comparison.add_argument(
        "--holdout", choices=HOLDOUTS, default="mixtures", help="what is held out (default: mixtures)"
    )
    comparison.add_argument("--fraction", type=_share, default=0.2, help="of mixtures or steps (default: .2)")
    comparison.add_argument("--folds", type=int, metavar="K", help="hold out every mixture once, in K folds, instead")
    comparison.add_argument("--seed", type=int, default=0, help="of the split and of random starts (default: 0)")
    _file(
        comparison.add_argument(
            "--out", type=Path, required=True, metavar="TABLE.csv", help="a row for every law and domain"
        )
    )

    plot = _add(commands, "plot", "laws_plot", "draw a fitted law")
    _file(plot.add_argument("law", metavar="LAW.json", help="what fit wrote"))
    _file(
        plot.add_argument(
            "runs", nargs="?", metavar="RUNS", help="measured runs (default: those the law was fitted on)"
        )
    )
    plot.add_argument("--step", type=_positive, metavar="S", help="of the curves over proportions (default: the last)")
    plot.add_argument("--size", type=_positive, metavar="N", help="of the same (default: the largest)")
    _file(plot.add_argument("--out", type=Path, required=True, metavar="FOLDER", help="for the pictures"))


def _add_mix(groups: _Parsers, names: tuple[str, ...] | None) -> None:
    group = groups.add_parser("mix", help="choose a mixture", formatter_class=_AsIs, add_help=False)
    group.add_argument("-h", "--help", action=_HelpWith, about=_about_mixers, help="show this help message and exit")
    mix = group.add_subparsers(required=True, metavar="search | utilities | influences | optimise | plot")
    _add_search(mix, names)
    _add_utilities(mix)
    _add_influences(mix)
    best = _add(mix, "optimise", "mix_optimise", "the mixture that a fitted law says is best")
    _file(best.add_argument("law", metavar="LAW.json", help="what laws fit wrote"))
    best.add_argument(
        "--step", type=_positive, metavar="S", help="at which step (default: the last of the fitted runs)"
    )
    best.add_argument("--size", type=_positive, metavar="N", help="at which size (default: the largest)")
    best.add_argument(
        "--target", default="mean", metavar="mean|DOMAIN=WEIGHT,…", help="loss to minimise (default: mean)"
    )
    best.add_argument(
        "--cap", nargs="+", action="extend", default=[], metavar="DOMAIN=EPOCHS:TOKENS",
        help="use no more than EPOCHS passes over the domain's TOKENS, counted as --step is",
    )  # fmt: skip
    best.add_argument(
        "--prior", metavar="runs|uniform|DOMAIN=WEIGHT,…", help="compare with this mixture (default: runs, their mean)"
    )
    best.add_argument(
        "--kl", type=_positive, metavar="λ", help="stay near the prior: nats of loss that a nat of divergence costs"
    )
    best.add_argument(
        "--bootstrap",
        type=_count,
        default=20,
        metavar="B",
        help="refits behind the interval (default: 20, for one of 50 %%; 200 give 95 %%)",
    )
    best.add_argument("--seed", type=int, default=0, help="of starts and resamples (default: 0)")
    _file(best.add_argument("--out", type=Path, metavar="OPTIMUM.json", help="also write what is shown"))

    picture = _add(mix, "plot", "mix_plot", "draw a best mixture")
    _file(picture.add_argument("optimum", metavar="OPTIMUM.json", help="what optimise --out wrote"))
    _file(picture.add_argument("--out", type=Path, required=True, metavar="FOLDER", help="for the picture"))


def _add_search(groups: _Parsers, names: tuple[str, ...] | None) -> None:
    words = "a mixture by any mixer: writes the small runs that it needs as a plan, reads them back, and chooses"
    search = _add(groups, "search", "mix_search", words)
    _file(
        search.add_argument(
            "domains", metavar="DOMAINS", help="table with domain and tokens, .csv or .parquet, and measures by name"
        )
    )
    search.add_argument("--mixer", required=True, choices=names, metavar="NAME", help="`phasemix mix --help` lists all")
    search.add_argument("--size", type=_positive, required=True, metavar="N", help="parameters of the target's model")
    search.add_argument("--tokens", type=_positive, required=True, metavar="D", help="that the target's run reads")
    search.add_argument("--small-size", type=_positive, metavar="N", help="parameters of small runs (default: --size)")
    search.add_argument("--small-tokens", type=_positive, metavar="D", help="that small runs read (default: --tokens)")
    search.add_argument(
        "--small-runs", type=_some, default=24, metavar="COUNT", help="what the search may cost, in small runs (24)"
    )
    search.add_argument("--epochs", type=_positive, metavar="E", help="how often the target may read any domain")
    search.add_argument(
        "--weight", action="append", default=[], metavar="DOMAIN=W",
        help="of a domain's loss in the objective; may be given again (default: 1 of each)",
    )  # fmt: skip
    search.add_argument(
        "--option",
        action="append",
        default=[],
        metavar="NAME=NUMBER",
        help="of the mixer, see `phasemix mix --help`; may be given again",
    )
    _file(search.add_argument("--runs", metavar="RUNS", help="table of all runs so far (default: none yet)"))
    search.add_argument("--seed", type=int, default=0, help="of whatever is drawn (default: 0)")
    _file(
        search.add_argument("--out", type=Path, required=True, metavar="FOLDER", help="for plan.csv and mixture.json")
    )


def _add_utilities(groups: _Parsers) -> None:
    words = "how useful a language model says that domains are, for the mixer medu"
    found = _add(groups, "utilities", "mix_utilities", words)
    _file(found.add_argument("domains", metavar="DOMAINS", help="table with domain, as search takes it"))
    _file(found.add_argument("texts", metavar="TEXTS", help="table with domain and text, .csv or .parquet"))
    found.add_argument("--purpose", required=True, help="what the model shall be good at, in a few words")
    found.add_argument("--model", required=True, metavar="NAME", help="of the hub, a folder, or of the endpoint")
    found.add_argument("--endpoint", metavar="URL", help="that speaks OpenAI's protocol (default: run the model here)")
    found.add_argument("--samples", type=_some, default=32, metavar="COUNT", help="texts of every domain (default: 32)")
    found.add_argument("--seed", type=int, default=0, help="of the samples (default: 0)")
    _file(
        found.add_argument(
            "--out", type=Path, required=True, metavar="DOMAINS.csv", help="the table of domains with a column utility"
        )
    )


def _add_influences(groups: _Parsers) -> None:
    words = "how much texts help a language model on held-out text of their domain, for the mixer duet"
    found = _add(groups, "influences", "mix_influences", words)
    _file(found.add_argument("texts", metavar="TEXTS", help="table with domain and text, .csv or .parquet"))
    _file(found.add_argument("heldout", metavar="HELDOUT", help="the same with held-out texts of these domains"))
    found.add_argument("--model", required=True, metavar="NAME", help="of the hub, or a folder: the first small run's")
    found.add_argument(
        "--context",
        type=_some,
        default=128,
        metavar="TOKENS",
        help="of a text that are read, from its beginning (128)",
    )
    _file(
        found.add_argument(
            "--out",
            type=Path,
            required=True,
            metavar="INFLUENCES.csv",
            help="the table of texts with a column influence",
        )
    )


def _add_popularity(groups: _Parsers) -> None:
    words = "sizes of models from how popular the facts are that they know"
    commands = groups.add_parser("popularity", help=words).add_subparsers(required=True, metavar="infer")
    infer = _add(commands, "infer", "popularity_infer", "infer the sizes of models whose parameters are not given")
    _file(
        infer.add_argument(
            "answers", metavar="ANSWERS", help="table with model, parameters, popularity, correct, .csv or .parquet"
        )
    )
    infer.add_argument("--target", type=_share, default=0.6, help="accuracy that facts must be known with (.6)")
    infer.add_argument(
        "--tolerance", type=_count, default=5, metavar="N", help="popularities in a row that may miss it (default: 5)"
    )
    infer.add_argument("--confidence", type=_share, default=0.95, metavar="P", help="of intervals (default: .95)")
    _file(infer.add_argument("--out", type=Path, metavar="SIZES.csv", help="also write a table"))
    _file(infer.add_argument("--pictures", type=Path, metavar="FOLDER", help="also draw sizes against popularity"))


def _add_wikibio(groups: _Parsers) -> None:
    words = "biographies for the task wikibio from Wikidata, Wikipedia and a language model"
    commands = groups.add_parser("wikibio", help=words).add_subparsers(required=True, metavar="build")
    words = "make the table of WikiBio, stage by stage; what is finished is not made again"
    build = _add(commands, "build", "wikibio_build", words)
    _file(
        build.add_argument(
            "--wikidata", type=Path, required=True, metavar="DUMP", help="latest-all.json.gz, or .json.bz2, or .json"
        )
    )
    build.add_argument(
        "--articles",
        default="wikimedia/wikipedia",
        metavar="NAME",
        help="dataset of the hub, or a folder of .parquet, .jsonl or .jsonl.zst, with title and text"
        " (default: wikimedia/wikipedia)",
    )
    build.add_argument(
        "--articles-config", default="20231101.en", metavar="NAME", help="of the dataset (default: 20231101.en)"
    )
    build.add_argument("--articles-revision", metavar="HASH", help="of the dataset: a full commit hash")
    _file(
        build.add_argument(
            "--occupations",
            type=Path,
            metavar="LIST.csv",
            help="item, occupation, words (default: sixteen common ones)",
        )
    )
    build.add_argument(
        "--model", metavar="NAME", help="of the hub, a folder, or of the endpoint (default: stop when texts are there)"
    )
    build.add_argument("--model-revision", metavar="HASH", help="of the hub: a full commit hash")
    build.add_argument("--endpoint", metavar="URL", help="that speaks OpenAI's protocol (default: run the model here)")
    build.add_argument("--paraphrases", type=_some, default=10, metavar="COUNT", help="of every text (default: 10)")
    build.add_argument("--tries", type=_some, default=3, metavar="COUNT", help="to get them of a text (default: 3)")
    build.add_argument("--batch", type=_some, default=64, metavar="COUNT", help="texts asked about at once (64)")
    build.add_argument(
        "--people", type=_some, metavar="COUNT", help="to paraphrase, drawn at random, in whole batches (default: all)"
    )
    build.add_argument("--seed", type=int, default=0, help="of the draw and of what is sampled (default: 0)")
    build.add_argument("--work", type=Path, required=True, metavar="FOLDER", help="for what is finished")
    _file(
        build.add_argument(
            "--out", type=Path, default=Path("wikibio.parquet"), metavar="TABLE.parquet", help="(wikibio.parquet)"
        )
    )


def _file(action: argparse.Action) -> None:
    """Let shells complete names of files; shtab reads this attribute."""
    action.complete = FILES  # type: ignore[attr-defined]


def _share(text: str) -> float:
    value = _number(text)
    if not 0 < value < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number between 0 and 1")
    return value


def _positive(text: str) -> float:
    value = _number(text)
    if not 0 < value < float("inf"):
        raise argparse.ArgumentTypeError(f"{text!r} is not a positive number")
    return value


def _count(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of 0 or more")
    return int(text)


def _some(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of 1 or more")
    return int(text)


def _number(text: str) -> float:
    """A number, or −1 where there is none."""
    try:
        return float(text)
    except ValueError:
        return -1.0


class _HelpWith(argparse.Action):
    """``--help`` with a list: ``about`` imports what it tells of, which only help waits for."""

    def __init__(self, about: Callable[[], str], **options: Any) -> None:
        super().__init__(nargs=0, **options)
        self._about = about

    def __call__(self, parser: argparse.ArgumentParser, *_: Any) -> None:
        parser.description = self._about()
        parser.print_help()
        parser.exit()


def _about_laws() -> str:
    laws = [(name, load_law(name)) for name in NAMES]
    return "laws:\n" + "\n".join(f"  {name:<16} {law.equation}\n  {'':<16} {law.source}" for name, law in laws)


def _about_mixers() -> str:
    lines = []
    for name in MIXERS:
        mixer = load_mixer(name)
        about = {"needs": mixer.needs, "costs": mixer.costs, "assumes": mixer.assumes, "from": mixer.source}
        about |= {"options": ", ".join(f"{option}={value:g}" for option, value in mixer.defaults().items())}
        lines += [f"  {name}", *(f"    {word:<8} {sentence}" for word, sentence in about.items() if sentence)]
    return "mixers, for `phasemix mix search --mixer NAME`:\n" + "\n".join(lines)


class _AsIs(argparse.RawDescriptionHelpFormatter):
    """Keeps the lines of lists."""


if __name__ == "__main__":
    main()
