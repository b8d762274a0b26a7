"""The weights that a run begins with: those of a finished run, or of a model on the Hugging Face hub."""

from dataclasses import dataclass
from pathlib import Path

from torch import Tensor, no_grad

from phasemix.base.errors import PhasemixError, one_line
from phasemix.base.files import sha256
from phasemix.base.hub import from_cache_alone, why_not
from phasemix.model.gpt_neox import GPTNeoX, read_weights
from phasemix.study.cell import Start


@dataclass(frozen=True)
class StartWeights:
    """Weights by name, the SHA-256 of the file they are from, and what that file is, for messages."""

    weights: dict[str, Tensor]
    checksum: str
    origin: str

    def put_into(self, model: GPTNeoX) -> None:
        """Copy them into a model.

        Raises:
            PhasemixError: they are of another architecture.
        """
        own = dict(model.named_parameters())
        for name, parameter in own.items():
            if name not in self.weights or self.weights[name].shape != parameter.shape:
                raise PhasemixError(
                    f"start: {self.origin} does not fit this cell's model: {name} is missing or of another shape;"
                    " choose the size and the tokenizer that it was trained with"
                )
        with no_grad():
            for name, parameter in own.items():
                parameter.copy_(self.weights[name])


def start_weights(start: Start, tokenizer: Path) -> StartWeights:
    """Read the weights that ``start`` names, for a cell with this folder of a tokenizer.

    Raises:
        PhasemixError: the run is not there or has another tokenizer, or the hub cannot be reached or has no such model.
    """
    path, origin = start.weights, str(start.run or start.hub)
    if path is None:
        path = _from_hub(origin, str(start.revision))
    if not path.is_file():
        raise PhasemixError(f"start.run: {path} is not there; train that run first")
    own = path.with_name("tokenizer.json")
    if start.run is not None and own.is_file() and sha256(own) != sha256(tokenizer / "tokenizer.json"):
        raise PhasemixError(f"start.run: {start.run} was trained with another tokenizer than {tokenizer}")
    try:
        return StartWeights(read_weights(path), sha256(path), origin)
    except Exception as error:  # a damaged file fails in many ways
        raise PhasemixError(f"start: {path} cannot be read ({one_line(error)})") from error


def _from_hub(name: str, revision: str) -> Path:
    import huggingface_hub as hub  # noqa: PLC0415 (takes a second, and few runs need it)
    from huggingface_hub.errors import EntryNotFoundError, LocalEntryNotFoundError  # noqa: PLC0415

    def download(file: str) -> Path:
        alone = from_cache_alone(name)
        return Path(hub.hf_hub_download(name, file, revision=revision, local_files_only=alone))

    try:
        try:
            return download("model.safetensors")
        except LocalEntryNotFoundError:
            raise
        except EntryNotFoundError:  # as of some of Pythia's checkpoints
            return download("pytorch_model.bin")
    except Exception as error:  # of the network, of the hub, of the name
        raise PhasemixError(
            f"start.hub: cannot load model.safetensors of {name!r} at revision {revision} ({why_not(name, error)});"
            " check the name and the network, or put the file into a folder run/model/ and name the run instead"
        ) from error
