"""Taking applications in at the counter: sources, what is offered, what is asked, what is counted, paper (窓口受付)."""
