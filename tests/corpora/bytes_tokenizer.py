"""A tokenizer that no training makes: every byte is an entry, so its ids never change with a library's version."""

from pathlib import Path

import tokenizers
from tokenizers import decoders, models, pre_tokenizers
from transformers import PreTrainedTokenizerFast

from phasemix.corpora.make_tokenizer import END_OF_TEXT, save_tokenizer
from phasemix.corpora.tokenizer import Tokenizer


def bytes_tokenizer(folder: Path) -> Tokenizer:
    """The tokenizer of bytes, saved into ``folder``; a space stands before every text."""
    entries = [END_OF_TEXT, *sorted(pre_tokenizers.ByteLevel.alphabet())]
    found = tokenizers.Tokenizer(models.BPE(vocab={entry: i for i, entry in enumerate(entries)}, merges=[]))
    found.add_special_tokens([END_OF_TEXT])
    found.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=True)
    found.decoder = decoders.ByteLevel()
    save_tokenizer(PreTrainedTokenizerFast(tokenizer_object=found, eos_token=END_OF_TEXT), folder)
    return Tokenizer(folder)
