"""Document packing: documents shuffled, laid end to end, and cut into rows of equal length."""

import numpy as np

from phasemix.corpora.ragged import begins, gather

IGNORED = -100  # the target that PyTorch's cross-entropy leaves out: the last token has no next one


def pack(ids: np.ndarray, lengths: np.ndarray, context: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Pack documents into rows, as both papers do: a document may go on in the next row, and rows are shuffled too.

    Args:
        ids: the documents' ids one after another, shape (n,), n a multiple of ``context``.
        lengths: each one's length, int64 of shape (documents,).
        context: tokens per row.
        rng: draws the order of the documents, then that of the rows.

    Returns:
        Inputs and targets, int64 of shape (n / context, context); a target is the token after its input.
    """
    order = rng.permutation(len(lengths))
    ids = gather(ids, begins(lengths)[order], lengths[order]).astype(np.int64)
    inputs = ids.reshape(-1, context)
    targets = np.append(ids[1:], IGNORED).reshape(-1, context)
    rows = rng.permutation(len(inputs))
    return inputs[rows], targets[rows]
