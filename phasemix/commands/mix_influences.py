"""``phasemix mix influences``: how much texts help a language model on their own domain, for the mixer ``duet``."""

import argparse

import numpy as np
import pandas as pd

from phasemix.base.errors import PhasemixError
from phasemix.base.files import write_csv
from phasemix.commands.output import Output, check_out
from phasemix.fitting.table_file import read_with
from phasemix.search.local_model import local_model


def run(args: argparse.Namespace) -> Output:
    """Take the gradients of every domain's texts and held-out texts; write the texts with a column ``influence``."""
    texts, heldout = (read_with(path, {"domain", "text"}) for path in (args.texts, args.heldout))
    check_out(args.out, args.texts, args.heldout)
    empty = texts["text"].fillna("").astype(str).str.strip() == ""
    if empty.any():
        raise PhasemixError(
            f"{args.texts}: {int(empty.sum())} texts are empty, of {texts['domain'][empty].iloc[0]} first"
        )
    domains = list(dict.fromkeys(texts["domain"].astype(str)))
    if lost := [name for name in domains if name not in set(heldout["domain"].astype(str))]:
        raise PhasemixError(f"{args.heldout}: has no text of {', '.join(lost)}")
    tokenizer, model = local_model(args.model, attn_implementation="eager")
    import torch  # noqa: PLC0415 (takes seconds; refusals do not wait for it)

    from phasemix.domains.influence import document_influences  # noqa: PLC0415

    table = texts.assign(influence=np.nan)
    for name in domains:
        rows = texts["domain"].astype(str) == name
        own = heldout.loc[heldout["domain"].astype(str) == name, "text"].astype(str)
        ids = [one for text in own for one in [*tokenizer(text)["input_ids"], tokenizer.eos_token_id or 0]]
        count = len(ids) // (args.context + 1)
        if count < 1:
            raise PhasemixError(
                f"{args.heldout}: {len(ids)} tokens of {name}, and {args.context + 1} fill a row: give more"
            )
        documents = [np.array(tokenizer(text)["input_ids"]) for text in texts.loc[rows, "text"].astype(str)]
        wanted = torch.tensor(ids[: count * (args.context + 1)]).view(count, args.context + 1)
        table.loc[rows, "influence"] = document_influences(model, documents, wanted, args.context)
    write_csv(args.out, table)
    spread = table.groupby("domain", sort=False)["influence"].agg(["count", "min", "median", "max"])
    shown = pd.concat([spread[["count"]], spread.drop(columns="count").map("{:.3g}".format)], axis=1)
    return Output(f"{shown.to_string()}\nwritten to {args.out}", {"influences": spread.to_dict("index")})
