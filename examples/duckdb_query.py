"""
Ask the written tables in SQL: how many organisations surely met a standard, period by period?

    iapt-audit audit examples/invented_month.csv --out audited
    python examples/duckdb_query.py audited

Needs `pip install duckdb`. Percentages and their bounds are whole ten-thousandths of a per cent, so SQL compares them
exactly; a rate is decided by its bounds and never by its middle.
"""

import sys
from pathlib import Path

import duckdb

QUERY = """
select
  period,
  standard,
  count(*) filter (standing = 'met') as met,
  count(*) filter (standing = 'met_only_after_rounding') as only_rounded,
  count(*) filter (standing = 'not_met') as not_met,
  count(*) filter (standing = 'undecided') as undecided,
  sum(denominator_low) as referrals_at_least
from read_parquet(?)
where level = 'provider' and standing is not null and not contradicted
group by all
order by all
"""


def main(folder: str) -> None:
    """Print the answer."""
    print(duckdb.sql(QUERY, params=[str(Path(folder) / "headline.parquet")]))


if __name__ == "__main__":
    main(*sys.argv[1:])
