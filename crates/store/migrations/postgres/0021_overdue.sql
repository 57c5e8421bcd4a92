-- What is asked of the person leaves the authority's clock running: what is overdue is found whomever a proceeding waits for.

DROP INDEX proceeding_due;
CREATE INDEX proceeding_due ON proceeding (due_on) WHERE waits > 0 AND told_on IS NULL;
