"""Plain text as training and evaluation need it: documents, of which nothing is asked but how they go on."""

from collections.abc import Iterator

from phasemix.corpora.documents import read_documents
from phasemix.tasks.task import Task


class TextTask(Task):
    """Documents."""

    def heldout_texts(self) -> Iterator[str]:
        """The documents that training never reads, whole."""
        for texts in read_documents(self.corpus / "documents.parquet", heldout=True):
            yield from texts


TASK = TextTask
