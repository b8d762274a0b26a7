"""Plain text as training and evaluation need it: documents, of which nothing is asked but how they go on."""

from collections.abc import Iterator

from phasemix.corpora.documents import read_documents
from phasemix.tasks.task import Task


class TextTask(Task):
    """Documents."""

    def heldout_texts(self, first: int) -> Iterator[str]:
        """The documents that training never reads, but those that begin in its ``first`` held-out tokens."""
        passed = 0
        for texts in read_documents(self.corpus / "documents.parquet", heldout=True):
            for text in texts:
                if passed >= first:
                    yield text
                else:
                    passed += sum(map(len, self.tokenizer.encode_documents([text])))


TASK = TextTask
