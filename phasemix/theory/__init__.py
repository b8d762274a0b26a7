"""Paper A's theory (section 4): what a learner of bounded capacity knows of facts and of everything else."""
