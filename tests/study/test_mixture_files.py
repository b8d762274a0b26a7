"""The files that a mixture reads: where they lie, and which are a cell's inputs."""

from phasemix.study.mixture import MixtureSpec, Steering

HALF = {"a": 0.5, "b": 0.5}


def test_paths_begin_with_the_folder_of_results():
    steering = Steering(controller="doremi", every_tokens=1, reference="{results}/runs/{experiment}/a")
    placed = MixtureSpec.constant(HALF, steering).placed("results/smoke", "one")
    assert placed.files == ["results/smoke/runs/one/a/manifest.json"]
    graph = Steering(controller="skill-it", every_tokens=1, graph="graph.json")
    assert MixtureSpec.constant(HALF, graph).placed("results/smoke", "one").files == ["graph.json"]
    assert MixtureSpec.constant(HALF).placed("results/smoke", "one").files == []
