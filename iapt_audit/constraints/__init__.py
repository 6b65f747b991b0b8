"""From cells and definitions to constraints that the solver reads."""
