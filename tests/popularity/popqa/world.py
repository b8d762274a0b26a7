"""A dataset like PopQA of 40 questions, and tiny language models that know its popular facts."""

import json
from itertools import chain
from pathlib import Path

import pandas as pd
import tokenizers
import torch
from tokenizers import Regex, decoders, pre_tokenizers
from tokenizers import models as tokenizer_models
from transformers import (
    GenerationConfig,
    GPTNeoXConfig,
    GPTNeoXForCausalLM,
    LlamaConfig,
    LlamaForCausalLM,
    PreTrainedTokenizerFast,
)

from phasemix.popularity.popqa.judge import questions_to_judge
from phasemix.popularity.popqa.prompts import prompts
from phasemix.popularity.popqa.questions import file_questions

WORDS = {
    "sport": ("What sport does {} play?", ["tennis", "chess", "golf", "rugby"]),
    "capital": ("What is the capital of {}?", ["Rome", "Paris", "Oslo", "Lima"]),
    "color": ("What color is {}?", ["red", "blue", "green", "white"]),
    "genre": ("What genre is {}?", ["jazz", "drama", "rock", "opera"]),
}
EACH = 10  # subjects of every relation
SHOTS = 3
SEED = 0
UNKNOWN = "unsure"
END = "<end>"


def rows():
    """The rows of the dataset; the popularity of question i is 2^(i/4 + 1), and relations take turns."""
    found = []
    for i in range(EACH * len(WORDS)):
        relation = list(WORDS)[i % len(WORDS)]
        template, objects = WORDS[relation]
        subject, value = f"S{i}", objects[(i // len(WORDS) * 7 + i) % len(objects)]
        aliases = [value, f"{value} proper"]
        row = {"id": 1000 + i, "subj": subject, "prop": relation, "obj": value, "s_pop": round(2 ** (i / 4 + 1), 3)}
        row |= {"o_pop": 5, "question": template.format(subject), "possible_answers": json.dumps(aliases)}
        found.append(row)
    return found


def write_dataset(path: Path) -> Path:
    """The dataset as PopQA's own file has it: separated by tabs, lists in JSON."""
    pd.DataFrame(rows()).to_csv(path, sep="\t", index=False)
    return path


def asked(path: Path) -> pd.DataFrame:
    """Its questions with their prompts."""
    questions = file_questions(path)
    return questions.assign(prompt=prompts(questions, SHOTS, SEED))


def tokenizer_of(texts) -> PreTrainedTokenizerFast:
    """A tokenizer whose entries are the words of some texts, with the space before each, and line breaks."""
    pieces = pre_tokenizers.Split(Regex(r"\n| ?[^ \n]+"), "isolated")
    words = sorted({word for text in texts for word, _ in pieces.pre_tokenize_str(text)})
    entries = {word: i for i, word in enumerate([END, *words])}
    found = tokenizers.Tokenizer(tokenizer_models.WordLevel(entries, unk_token=END))
    found.add_special_tokens([END])
    found.pre_tokenizer, found.decoder = pieces, decoders.Fuse()
    return PreTrainedTokenizerFast(tokenizer_object=found, eos_token=END)


def fresh_model(entries: int, kind: str = "llama", spread: float = 0.02):
    """``spread`` is that of its weights: the greater, the more what it says depends on what it reads."""
    torch.manual_seed(0)
    shape = {"vocab_size": entries, "hidden_size": 32, "intermediate_size": 64, "max_position_embeddings": 256}
    shape |= {"num_attention_heads": 2, "eos_token_id": 0, "bos_token_id": 0}
    shape["initializer_range"] = spread
    if kind == "llama":
        return LlamaForCausalLM(LlamaConfig(num_hidden_layers=2, num_key_value_heads=1, **shape)).eval()
    return GPTNeoXForCausalLM(GPTNeoXConfig(num_hidden_layers=2, **shape)).eval()


def save_model(folder: Path, model, tokenizer) -> Path:
    """With settings of generation that greedy decoding must leave aside."""
    model.generation_config = GenerationConfig(do_sample=True, temperature=0.5, repetition_penalty=5.0, eos_token_id=0)
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


def teach(model, tokenizer, prompted, said, steps=150):
    """Train a model to go on with every prompt as told, until it does."""
    pairs = list(zip(prompted, said, strict=True))
    tokenizer.pad_token, tokenizer.padding_side = END, "left"
    batch = tokenizer([prompt + text for prompt, text in pairs], padding=True, return_tensors="pt")
    lengths = [len(tokenizer(text)["input_ids"]) for _, text in pairs]
    labels = torch.full_like(batch["input_ids"], -100)
    for row, length in enumerate(lengths):
        labels[row, -length:] = batch["input_ids"][row, -length:]
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-2)
    model.train()
    for _ in range(steps):
        optimizer.zero_grad()
        loss = model(**batch, labels=labels).loss
        loss.backward()
        optimizer.step()
        if loss.item() < 0.01:
            break
    return model.eval()


def knowing(folder: Path, questions: pd.DataFrame, above: float) -> Path:
    """A model that answers questions of popularity ``above`` and is unsure of all others, saved into ``folder``."""
    answers = (f" {each}" for each in chain(*questions["possible_answers"]))
    tokenizer = tokenizer_of(chain(questions["prompt"], [f" {UNKNOWN}\n\nQ: What"], answers))
    known = questions["popularity"] >= above
    said = [
        f" {answer if sure else UNKNOWN}\n\nQ: What" for answer, sure in zip(questions["answer"], known, strict=True)
    ]
    model = teach(fresh_model(len(tokenizer)), tokenizer, questions["prompt"].tolist(), said)
    return save_model(folder, model, tokenizer)


def judging(folder: Path, questions: pd.DataFrame) -> Path:
    """A judge of answers that are right or unsure, saved into ``folder``."""
    answers = pd.concat([questions.assign(prediction=questions["answer"]), questions.assign(prediction=UNKNOWN)])
    prompted = questions_to_judge(answers, answers)
    said = [" No.\n" if prediction == UNKNOWN else " Yes\n" for prediction in answers["prediction"]]
    tokenizer = tokenizer_of([*prompted, *said])
    return save_model(folder, teach(fresh_model(len(tokenizer)), tokenizer, prompted, said), tokenizer)
