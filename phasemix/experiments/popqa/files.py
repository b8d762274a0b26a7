"""The files of a study of PopQA: what was answered, and what the judge said of it."""

from dataclasses import dataclass

from phasemix.experiments.popqa.spec import Spec
from phasemix.study.layout import Layout


@dataclass(frozen=True)
class StudyFiles:
    """The files of the experiment ``name``."""

    layout: Layout
    name: str
    study: Spec

    def answers(self, model: str) -> str:
        """What a model answered, here or elsewhere."""
        file = "elsewhere.parquet" if model in self.study.elsewhere else "answers/answers.parquet"
        return f"{self.layout.asked(self.name, model)}/{file}"

    @property
    def all_answers(self) -> list[str]:
        """The answers of all models."""
        return [self.answers(model) for model in self.study.models]

    @property
    def all_verdicts(self) -> list[str]:
        """What the judge said of them, if there is one."""
        models = self.study.models if self.study.judge else ()
        return [f"{self.layout.asked(self.name, model)}/verdicts/verdicts.parquet" for model in models]
