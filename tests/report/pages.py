"""A report of made-up studies, from their tables to the page."""

from pathlib import Path

from phasemix.base.files import write_json, write_text
from phasemix.claims.ledger import read_findings, write_ledger
from phasemix.experiments.experiment import figures
from phasemix.experiments.horizon import findings as horizon_findings
from phasemix.experiments.transition import findings as transition_findings
from phasemix.report.page import render
from phasemix.report.section import section
from tests.experiments.made_up import HORIZON_OPTIONS, OPTIONS, study, write_horizons, write_transition

KINDS = {"headline": "transition", "longer": "horizon"}
CHOSEN = {"headline": "The learning rate, of two."}
OPTIONS_OF = {"transition": OPTIONS, "horizon": HORIZON_OPTIONS}


def make_page(folder: Path, drawn: bool = False, experiments=tuple(KINDS), **options) -> Path:
    """The page of a transition study with these options and a study of horizons; figures are ``drawn`` or dummies."""
    tables = folder / "tables"
    if "headline" in experiments:
        write_transition(tables / "headline", *study(people=50, **options))
        write_json(tables / "headline/findings.json", transition_findings.measure(tables / "headline", OPTIONS))
    if "longer" in experiments:
        write_horizons(tables / "longer", seeds=2)
        write_json(tables / "longer/findings.json", horizon_findings.measure(tables / "longer", HORIZON_OPTIONS))
    kinds = {name: KINDS[name] for name in experiments}
    for name, kind in kinds.items():
        draw(kind, tables / name, folder / "figures" / name, drawn)
        pictures = folder / "figures" / name
        where = {"tables": tables / name, "figures": sorted(pictures.glob("*.svg"))}
        fragment = section(kind, name, **where, options=OPTIONS_OF[kind], chosen=CHOSEN.get(name))
        write_text(folder / "sections" / f"{name}.html", fragment)
    write_ledger(tables / "ledger.csv", read_findings(kinds, lambda name: tables / name))
    page = folder / "report.html"
    sections = folder / "sections"
    write_text(page, render("test", experiments, sections=sections, tables=tables, ledger=tables / "ledger.csv"))
    return page


def draw(kind: str, tables: Path, folder: Path, drawn: bool) -> None:
    """The figures of a kind as SVG."""
    if not drawn:
        for name in figures(kind):
            write_text(folder / f"{name}.svg", "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>")
        return
    from importlib import import_module

    import matplotlib.pyplot as plt

    from phasemix.report.figure_style import save, set_theme

    set_theme()
    read = import_module(f"phasemix.experiments.{kind}.tables").Tables.read(tables, OPTIONS_OF[kind])
    for name in figures(kind):
        save(import_module(f"phasemix.experiments.{kind}.figures.{name}").draw(read), folder / f"{name}.svg")
    plt.close("all")
