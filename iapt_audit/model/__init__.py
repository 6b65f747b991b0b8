"""Words that all packages share: columns, findings, inputs, periods, bounds."""
