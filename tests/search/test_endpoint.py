"""A model behind an endpoint that is busy, in trouble, silent or gone, and one that refuses."""

import time

import pytest

from phasemix.base.errors import PhasemixError
from phasemix.search import endpoint as module
from phasemix.search.endpoint import Endpoint
from phasemix.wikibio import paraphrasers
from phasemix.wikibio.paraphrasers import FIRST_SECONDS, TRIES, EndpointParaphraser
from tests.commands.conftest import Answering
from tests.servers import serving

GONE, SILENT = "gone", "silent"


class Moody(Answering):
    """Does what stands in ``moods``, in turn: a status, gone or silent. It answers when there is none left."""

    moods: list = []  # noqa: RUF012
    body = b'{"error": {\n  "message": "the queue is full"}}'
    says = staticmethod(lambda text: f"to {text}")

    def do_POST(self):  # noqa: N802 (the server's name for it)
        mood = self.moods.pop(0) if self.moods else None
        if mood is None:
            super().do_POST()
        elif mood == SILENT:
            time.sleep(1)
        elif mood != GONE:
            self.send_response(mood)
            self.send_header("Content-Length", str(len(self.body)))
            self.end_headers()
            self.wfile.write(self.body)


@pytest.fixture
def url(monkeypatch):
    monkeypatch.setattr(Moody, "moods", [])
    monkeypatch.setattr(module, "FIRST_PAUSE", 0.01)
    with serving(Moody) as address:
        yield f"{address}/v1"


@pytest.fixture
def pauses(monkeypatch):
    """The pauses between tries, in none of which it sleeps."""
    found = []
    monkeypatch.setattr(module.time, "sleep", found.append)
    return found


def test_it_is_asked_again_with_growing_pauses(url, pauses):
    Moody.moods[:] = [429, 500, 503, GONE]
    assert Endpoint("a", url, 5, tries=5).answer("me") == "to me"
    assert pauses == pytest.approx([0.01, 0.02, 0.04, 0.08])


def test_silence_is_asked_again(url):
    Moody.moods[:] = [SILENT]
    assert Endpoint("a", url, 0.3, tries=2).answer("me") == "to me"


@pytest.mark.parametrize(("tries", "moods"), [(1, [429]), (3, [500, 502, 429])])
def test_it_is_given_up_with_what_the_server_says(tries, moods, url):
    Moody.moods[:] = [*moods, 418]
    with pytest.raises(PhasemixError) as raised:
        Endpoint("a", url, 5, tries).answer("me")
    said = (
        f'does not answer (HTTP Error {moods[-1]}: Too Many Requests: {{"error": {{ "message": "the queue is full"}}}})'
    )
    assert str(raised.value) == f"--endpoint: {url}/chat/completions {said}; is PHASEMIX_API_KEY set?"
    assert Moody.moods == [418]


def test_what_is_refused_is_not_asked_again_and_long_bodies_are_cut(url, pauses, monkeypatch):
    monkeypatch.setattr(Moody, "body", b"no such model; there are " + b"another, " * 500)
    Moody.moods[:] = [404]
    with pytest.raises(
        PhasemixError, match=r"HTTP Error 404: Not Found: no such model; there are .* …\); is"
    ) as raised:
        Endpoint("a", url, 5, tries=9).answer("me")
    assert len(str(raised.value)) < 400
    assert pauses == []


def test_a_paraphraser_knows_within_seconds_whether_there_is_a_model_and_is_patient_later(url, monkeypatch):
    assert FIRST_SECONDS <= 10 < paraphrasers.SECONDS
    monkeypatch.setattr(paraphrasers, "FIRST_SECONDS", 0.3)
    Moody.moods[:] = [SILENT]
    with pytest.raises(PhasemixError, match=r"does not answer .*timed out"):
        EndpointParaphraser("a", url)
    model = EndpointParaphraser("a", url)
    Moody.moods[:] = [SILENT, *[429] * (TRIES - 2)]
    assert model.answers(["me"], 1, 0) == ["to me"]
