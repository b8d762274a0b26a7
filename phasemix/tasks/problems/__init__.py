"""What tasks of reasoning share: problems with worked answers, drawn from a space too large to be learned by heart."""
