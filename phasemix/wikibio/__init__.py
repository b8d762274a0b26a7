"""The table of WikiBio from public data: people of Wikidata, articles of Wikipedia, paraphrases by a language model.

:mod:`phasemix.wikibio.rule` says by which rule.
"""
