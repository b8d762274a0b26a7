"""``phasemix mix influences``: a tiny language model tells how much texts help their own domain."""

import pandas as pd
import pytest
import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

from phasemix.base.errors import PhasemixError
from phasemix.cli import run

COUNTING = ["one two three four five six", "two three four five six one", "three four five six one two"]
NOISE = ["&%/)=§!:;_ aq xx zp", "QQQQ zz zz 77 %%%%", "x y z x y z k j q"]


@pytest.fixture
def tables(tmp_path):
    rows = [(name, text) for name, texts in (("web", COUNTING + NOISE), ("books", COUNTING)) for text in texts]
    pd.DataFrame(rows, columns=["domain", "text"]).assign(number=range(9)).to_csv(tmp_path / "texts.csv", index=False)
    heldout = [(name, " ".join(COUNTING * 2)) for name in ("web", "books")]
    pd.DataFrame(heldout, columns=["domain", "text"]).to_csv(tmp_path / "heldout.csv", index=False)
    return [str(tmp_path / "texts.csv"), str(tmp_path / "heldout.csv")]


@pytest.fixture(scope="module")
def reader(tiny, tmp_path_factory):
    """The tiny model after some steps on counting."""
    folder = tmp_path_factory.mktemp("reader")
    model, tokenizer = AutoModelForCausalLM.from_pretrained(tiny), AutoTokenizer.from_pretrained(tiny)
    optimizer = torch.optim.AdamW(model.parameters(), lr=3e-3)
    ids = torch.tensor(tokenizer(COUNTING)["input_ids"])
    for _ in range(40):
        optimizer.zero_grad()
        model(ids, labels=ids).loss.backward()
        optimizer.step()
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


def influences(tables, tmp_path, model, *more):
    out = tmp_path / "influences.csv"
    run(["mix", "influences", *tables, "--model", str(model), "--context", "24", "--out", str(out), *more])
    return pd.read_csv(out)


def test_texts_like_the_held_out_one_help_more_than_noise(tables, tmp_path, reader, capsys):
    found = influences(tables, tmp_path, reader)
    assert found["number"].tolist() == list(range(9))
    web = found.loc[found["domain"] == "web", "influence"]
    assert web[:3].mean() > web[3:].mean()
    assert "books" in capsys.readouterr().out
    assert influences(tables, tmp_path, reader).equals(found)


def test_what_cannot_be_asked(tables, tmp_path, tiny):
    with pytest.raises(PhasemixError, match=r"heldout\.csv: 168 tokens of web, and 1001 fill a row: give more"):
        influences(tables, tmp_path, tiny, "--context", "1000")
    texts = pd.read_csv(tables[0])
    texts.assign(text=[*texts["text"][:-1], ""]).to_csv(tables[0], index=False)
    with pytest.raises(PhasemixError, match=r"texts\.csv: 1 texts are empty, of books first"):
        influences(tables, tmp_path, tiny)
    texts.to_csv(tables[0], index=False)
    pd.DataFrame({"domain": ["web"], "text": ["a"]}).to_csv(tables[1], index=False)
    with pytest.raises(PhasemixError, match=r"heldout\.csv: has no text of books"):
        influences(tables, tmp_path, tiny)
    pd.DataFrame({"domain": ["web"]}).to_csv(tables[0], index=False)
    with pytest.raises(PhasemixError, match=r"texts\.csv: lacks the column text; it has domain"):
        influences(tables, tmp_path, tiny)
