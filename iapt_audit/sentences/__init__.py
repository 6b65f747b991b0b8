"""Read sentences in plain English into claims, and judge them with the engine of `iapt_audit.claims`."""
