"""Long documents as passages."""

from hypothesis import given
from hypothesis import strategies as st

from phasemix.corpora.documents import read_documents, write_documents
from phasemix.tasks.text.passages import passages, shuffled_passages

LINES = st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=30).map(lambda text: text + "\n"))


@given(LINES, st.integers(1, 100))
def test_passages_are_the_text_cut_at_ends_of_lines(lines, characters):
    text = "".join(lines)
    found = list(passages(text, characters))
    assert "".join(found) == text
    longest = max(map(len, text.splitlines(keepends=True)), default=0)
    assert all(len(passage) >= characters / 2 for passage in found[1:])
    assert all(len(passage) <= 1.5 * characters + 2 * longest for passage in found)


def test_a_text_is_cut_by_hand():
    lines = [f"line {i}\n" for i in range(10)]  # of 7 characters
    assert list(passages("".join(lines), 20)) == ["".join(lines[i:j]) for i, j in ((0, 3), (3, 6), (6, 10))]
    assert list(passages("short", 20)) == ["short"]
    assert list(passages("", 20)) == []


def test_passages_are_shuffled_and_held_out_with_their_document(tmp_path):
    texts = [f"{i}\n" + "".join(f"line {i} {j}\n" for j in range(40)) for i in range(60)]
    found = shuffled_passages([None, *texts, ""], 100)
    assert sorted(passage.text for passage in found) == sorted(p for text in texts for p in passages(text, 100))
    assert [texts.index(passage.document) for passage in found[:20]] != [0] * 20
    assert found == shuffled_passages(reversed(texts), 100)
    counts = write_documents(found, 0.3, tmp_path / "documents.parquet")
    assert counts["documents"] == len(found)
    held = {p for batch in read_documents(tmp_path / "documents.parquet", heldout=True) for p in batch}
    whole = {passage.document for passage in found if passage.text in held}
    assert 5 < len(whole) < 40
    assert held == {passage.text for passage in found if passage.document in whole}
