"""Where everything lies: the folders and files of a study's results, each named in one place."""

from dataclasses import dataclass

from phasemix.study.cell_key import CellKey

COMPILED = "results/compiled"
"""Training steps as native code, for all scales."""


@dataclass(frozen=True)
class Layout:
    """The paths of one scale's results, relative to the checkout.

    Arguments may be names or Snakemake's wildcards in braces.
    """

    scale: str

    @property
    def results(self) -> str:
        """The folder of all of them."""
        return f"results/{self.scale}"

    def corpus(self, source: str) -> str:
        """The folder of a source's corpus."""
        return f"{self.results}/corpora/{source}"

    def tokenizer(self, name: str) -> str:
        """The folder of a tokenizer."""
        return f"{self.results}/tokenizers/{name}"

    def tokens(self, tokenizer: str, source: str) -> str:
        """The folder of a source's tokens."""
        return f"{self.results}/tokens/{tokenizer}/{source}"

    def of_cell(self, stage: str, experiment: str, cell: CellKey | str) -> str:
        """The folder of a cell in a stage: such as ``runs`` or ``evaluations``."""
        return f"{self.results}/{stage}/{experiment}/{cell.format() if isinstance(cell, CellKey) else cell}"

    def asked(self, experiment: str, model: str) -> str:
        """The folder of what a language model of others answered."""
        return f"{self.results}/asked/{experiment}/{model}"

    def tables(self, experiment: str) -> str:
        """The folder of an experiment's tables."""
        return self.tables_in(self.results, experiment)

    @staticmethod
    def tables_in(results: str, experiment: str) -> str:
        """The folder of an experiment's tables in a folder of results."""
        return f"{results}/tables/{experiment}"

    def figure(self, experiment: str, name: str) -> str:
        """The path of a figure, without its ending."""
        return f"{self.results}/figures/{experiment}/{name}"

    def section(self, experiment: str) -> str:
        """An experiment's section of the report."""
        return f"{self.results}/sections/{experiment}.html"

    @property
    def ledger(self) -> str:
        """The ledger of claims."""
        return f"{self.results}/tables/ledger.csv"

    @property
    def report(self) -> str:
        """The page to read."""
        return f"{self.results}/report.html"

    def log(self, rule: str, *parts: str) -> str:
        """The log of a rule's job."""
        return "/".join([f"{self.results}/logs", rule, *parts]) + ".log"

    def benchmark(self, rule: str, *parts: str) -> str:
        """What Snakemake measured of a rule's job."""
        return "/".join([f"{self.results}/benchmarks", rule, *parts]) + ".tsv"
