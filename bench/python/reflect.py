"""One SQLAlchemy reflection of a database: reflect.py <url> prints its time and what was found as JSON.

Connecting and importing are not timed.
"""

import json
import sys
import time

import psycopg2  # noqa: F401  (named here, so that its absence is reported by name)
from sqlalchemy import CheckConstraint, MetaData, create_engine, text

url = sys.argv[1].replace("postgres://", "postgresql://", 1).replace("postgresql://", "postgresql+psycopg2://", 1)
with create_engine(url).connect() as connection:
    connection.execute(text("select 1"))
    metadata = MetaData()
    start = time.perf_counter_ns()
    metadata.reflect(connection)
    nanoseconds = time.perf_counter_ns() - start

tables = metadata.tables.values()
counts = {
    "tables": len(tables),
    "columns": sum(len(table.columns) for table in tables),
    "foreignKeys": sum(len(table.foreign_key_constraints) for table in tables),
    "checks": sum(isinstance(c, CheckConstraint) for table in tables for c in table.constraints),
    "indexes": sum(len(table.indexes) for table in tables),
}
print(json.dumps({"nanoseconds": nanoseconds, "counts": counts}))
