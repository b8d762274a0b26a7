"""Language models that tests of several commands ask: one here, and a made-up one behind an endpoint."""

import json
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import ClassVar

import pytest
import torch
from tokenizers import Tokenizer, models, pre_tokenizers
from transformers import GPTNeoXConfig, GPTNeoXForCausalLM, PreTrainedTokenizerFast

from tests.servers import serving


@pytest.fixture(scope="session")
def tiny(tmp_path_factory):
    """A language model of two layers, which knows bytes and has learned nothing."""
    folder = tmp_path_factory.mktemp("tiny")
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    raw = Tokenizer(models.BPE(vocab={letter: i for i, letter in enumerate(alphabet)}, merges=[]))
    raw.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    PreTrainedTokenizerFast(tokenizer_object=raw).save_pretrained(folder)
    torch.manual_seed(0)
    sizes = {"hidden_size": 16, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 64}
    config = GPTNeoXConfig(vocab_size=len(alphabet), max_position_embeddings=1024, **sizes)
    GPTNeoXForCausalLM(config).save_pretrained(folder)
    return folder


class Answering(BaseHTTPRequestHandler):
    """An endpoint that finds books great and all else poor, in OpenAI's protocol."""

    asked: ClassVar[list[dict]] = []
    says = staticmethod(lambda text: "Great." if "best of times" in text else "poor")

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.asked.append(body)
        message = {"role": "assistant", "content": self.says(body["messages"][0]["content"])}
        choice = {"index": 0, "message": message, "finish_reason": "stop"}
        found = {"id": "1", "object": "chat.completion", "created": 1, "model": body["model"], "choices": [choice]}
        found["usage"] = {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2}
        data = json.dumps(found).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_):
        pass


@pytest.fixture
def endpoint(monkeypatch):
    monkeypatch.setattr(Answering, "asked", [])
    with serving(Answering, HTTPServer) as address:  # one question after another
        yield f"{address}/v1"
