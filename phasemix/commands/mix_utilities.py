"""``phasemix mix utilities``: how useful a language model says that domains are, for the mixer ``medu``."""

import argparse

import numpy as np
import pandas as pd

from phasemix.base.errors import PhasemixError
from phasemix.base.files import write_csv
from phasemix.base.seeds import generator
from phasemix.commands.output import Output, check_out
from phasemix.fitting.table_file import read_with
from phasemix.search.judges import EndpointJudge, Judge, LocalJudge


def run(args: argparse.Namespace) -> Output:
    """Ask about samples of every domain's texts; write the table of domains with a column ``utility``."""
    domains, texts = read_with(args.domains, {"domain"}), read_with(args.texts, {"domain", "text"})
    check_out(args.out, args.domains, args.texts)
    names = domains["domain"].astype(str).tolist()
    texts = texts[texts["text"].fillna("").astype(str).str.strip() != ""]
    own = {name: texts.loc[texts["domain"] == name, "text"].astype(str).tolist() for name in names}
    if lost := [name for name, found in own.items() if not found]:
        raise PhasemixError(f"{args.texts}: has no text of {', '.join(lost)}")
    judge: Judge = EndpointJudge(args.model, args.endpoint) if args.endpoint else LocalJudge(args.model)
    utilities = {}
    for name, found in own.items():
        order = generator(args.seed, "utilities", name).permutation(len(found))[: args.samples]
        utilities[name] = float(np.mean(judge.utilities([found[i] for i in order], args.purpose)))
    table = domains.assign(utility=[utilities[name] for name in names])
    write_csv(args.out, table)
    shown = pd.DataFrame({"domain": names, "utility": [f"{utilities[name]:.3f}" for name in names]})
    return Output(f"{shown.to_string(index=False)}\nwritten to {args.out}", {"utilities": utilities})
