"""Making a tokenizer's folder: a byte-level BPE trained on the corpora, or a tokenizer of the hub."""

from collections.abc import Iterable
from pathlib import Path

import tokenizers
from tokenizers import decoders, models, pre_tokenizers, trainers
from transformers import AutoTokenizer, PreTrainedTokenizerFast

from phasemix.base.errors import PhasemixError
from phasemix.base.files import atomic
from phasemix.base.hub import from_cache_alone, why_not

END_OF_TEXT = "<|endoftext|>"


def train_tokenizer(texts: Iterable[str], vocabulary: int) -> PreTrainedTokenizerFast:
    """Train a byte-level BPE of exactly ``vocabulary`` entries, ``<|endoftext|>`` being id 0.

    A text's first word is tokenised as if a space stood before it, so that a name is spelled by
    the same tokens wherever it stands: small vocabularies have no entries to waste on two.

    Raises:
        PhasemixError: too little text for that many entries.
    """
    tokenizer = tokenizers.Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=True)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=vocabulary,
        special_tokens=[END_OF_TEXT],
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
        show_progress=False,
    )
    tokenizer.train_from_iterator(texts, trainer)
    if tokenizer.get_vocab_size() != vocabulary:
        raise PhasemixError(
            f"train.vocabulary of the tokenizer: the text gives {tokenizer.get_vocab_size()} entries only;"
            " ask for no more than that, or give more text"
        )
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, bos_token=END_OF_TEXT, eos_token=END_OF_TEXT, unk_token=END_OF_TEXT
    )


def hub_tokenizer(name: str, revision: str) -> PreTrainedTokenizerFast:
    """Load a fast tokenizer from the Hugging Face hub, or from a local folder.

    Raises:
        PhasemixError: the hub cannot be reached, has no such tokenizer or revision, or its tokenizer
            is not fast or has no end-of-text token.
    """
    try:
        tokenizer = AutoTokenizer.from_pretrained(name, revision=revision, local_files_only=from_cache_alone(name))
    except (OSError, ValueError) as error:
        raise PhasemixError(
            f"hub.name of the tokenizer: cannot load {name!r} at revision {revision} from the hub"
            f" ({why_not(name, error)}); check the name and the network, name a folder that holds it,"
            " or train a tokenizer"
        ) from error
    if not tokenizer.is_fast or tokenizer.eos_token_id is None:
        raise PhasemixError(f"hub.name of the tokenizer: {name!r} is no fast tokenizer with an end-of-text token")
    return tokenizer


def save_tokenizer(tokenizer: PreTrainedTokenizerFast, folder: str | Path) -> None:
    """Save into ``folder`` the files that ``AutoTokenizer.from_pretrained(folder)`` loads."""
    with atomic(folder) as temporary:
        tokenizer.save_pretrained(temporary)
