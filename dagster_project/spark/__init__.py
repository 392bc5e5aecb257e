"""Beyond one machine: reading and extraction as a Spark job, and the same dbt project built by Spark.

Needs the extra `spark` and Java 17 or 21. Nothing outside this package imports pyspark.
"""
