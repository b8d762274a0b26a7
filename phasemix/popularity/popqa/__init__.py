"""PopQA (Mallen et al., arXiv 2212.10511), put to language models: questions, prompts, answers, judges."""
