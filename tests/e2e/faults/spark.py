"""Faults provoked in Apache Spark itself: what `spark-submit` prints is kept raw, without an Airflow around it.

    python -m tests.e2e.faults.spark --spark /path/to/venv [--only WORD] [--write tests/e2e/faults/corpus/spark.jsonl]

PySpark 4.0 in an environment of its own, and Java 17. Everything runs in local mode on this machine. A fault that did
not come about is not written; the status is 1. The one about rights needs root, to run as somebody who has none.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from airflow_provider_wfintel.cli.demo.processes import ends_on_signals
from tests.e2e.faults.tool_corpus import collect

__all__ = ["CORPUS", "FAULTS", "SparkFault", "main"]

CORPUS = Path(__file__).with_name("corpus") / "spark.jsonl"
SECONDS = 600
NOBODY = 65_534
BEGIN = """
from pyspark.sql import SparkSession, functions as F
spark = SparkSession.builder.appName("orders").getOrCreate()
orders = spark.createDataFrame([(1, "north", 5), (2, "south", 7)], "id int, region string, qty int")
"""


@dataclass(frozen=True, slots=True)
class SparkFault:
    """A Spark application that fails.

    Attributes:
        name: of the fault.
        labels: the root cause, then other classes that are true as well.
        evidence: words that the output holds if the fault really came about.
        script: what the application does after a session was made; without one, `options` name what is submitted.
        options: of `spark-submit`.
        variables: of the environment.
        plain: Python starts the application, and Java as its child; otherwise `spark-submit` starts both.
        bare: the script makes no session and no table.
        unprivileged: whether it runs as a user without rights on the folder `closed`.
    """

    name: str
    labels: tuple[str, ...]
    evidence: str
    script: str = ""
    options: tuple[str, ...] = ()
    variables: Mapping[str, str] = field(default_factory=dict)
    plain: bool = False
    bare: bool = False
    unprivileged: bool = False


UDF = """
@F.udf("double")
def price(qty):
    {body}

orders.select(price("qty")).show()
"""
FAULTS: tuple[SparkFault, ...] = (
    SparkFault(
        "spark_no_column", ("missing_table_or_column",), "UNRESOLVED_COLUMN", 'orders.select("id", "quantity").show()'
    ),
    SparkFault(
        "spark_no_table", ("missing_table_or_column",), "TABLE_OR_VIEW_NOT_FOUND",
        'spark.sql("SELECT region, sum(qty) FROM shop.daily_orders GROUP BY region").show()',
    ),
    SparkFault(
        "spark_no_file", ("missing_file_or_partition",), "PATH_NOT_FOUND",
        'spark.read.parquet("data/orders/day=2026-11-29").count()',
    ),
    SparkFault(
        "spark_file_gone", ("missing_file_or_partition",), "does not exist",
        """
        import os, glob
        orders.repartition(4).write.parquet("data/orders")
        frame = spark.read.parquet("data/orders")
        for path in glob.glob("data/orders/*.parquet"):
            os.remove(path)
        frame.groupBy("region").sum("qty").show()
        """,
    ),
    SparkFault(
        "spark_permission", ("permission_denied",), "closed",
        'orders.write.mode("overwrite").parquet("closed/orders")', unprivileged=True,
    ),
    SparkFault(
        "spark_driver_memory", ("oom_killed",), "OutOfMemoryError",
        """
        text = F.concat(F.lit("x" * 200), F.col("id").cast("string"))
        frame = spark.range(0, 40_000_000, 1, 8).withColumn("text", text)
        rows = frame._jdf.collectToPython()
        """,
        options=("--driver-memory", "512m", "--conf", "spark.driver.maxResultSize=0"),
    ),
    SparkFault(
        "spark_result_size", ("oom_killed", "invalid_argument", "quota_exceeded"), "maxResultSize",
        'spark.range(0, 4_000_000, 1, 4).withColumn("x", F.rand()).collect()',
        options=("--conf", "spark.driver.maxResultSize=1m"),
    ),
    SparkFault(
        "spark_no_class", ("missing_dependency",), "Failed to load class",
        options=("--class", "com.shop.orders.Load", "app.jar"),
    ),
    SparkFault(
        "spark_no_source", ("missing_dependency",), "DATA_SOURCE_NOT_FOUND",
        'spark.read.format("delta").load("data/orders").show()'
    ),
    SparkFault(
        "spark_no_driver", ("missing_dependency",), "ClassNotFoundException",
        """
        options = {"url": "jdbc:postgresql://db/shop", "dbtable": "orders", "driver": "org.postgresql.Driver"}
        spark.read.format("jdbc").options(**options).load().show()
        """,
    ),
    SparkFault(
        "spark_type_changed", ("schema_mismatch",), "PARQUET_COLUMN_DATA_TYPE_MISMATCH",
        """
        orders.write.parquet("data/orders")
        spark.read.schema("id int, region int, qty int").parquet("data/orders").groupBy("region").count().show()
        """,
    ),
    SparkFault(
        "spark_insert_columns", ("schema_mismatch",), "INSERT_COLUMN_ARITY_MISMATCH",
        """
        spark.sql("CREATE TABLE daily (id int, region string) USING parquet")
        orders.write.insertInto("daily")
        """,
    ),
    SparkFault(
        "spark_task_cascade", ("python_error",), "ZeroDivisionError",
        UDF.format(body="return 100.0 / (qty - 7)"),
    ),
    SparkFault(
        "spark_worker_module", ("missing_dependency",), "ModuleNotFoundError",
        UDF.format(body="import shop_prices; return shop_prices.of(qty)"),
    ),
    SparkFault(
        "spark_worker_killed", ("killed_by_signal", "oom_killed"), "Python worker exited unexpectedly",
        UDF.format(body="import os, signal; os.kill(os.getpid(), signal.SIGKILL)"),
    ),
    SparkFault(
        "spark_driver_killed", ("killed_by_signal", "oom_killed", "connection_dropped"), "Py4J",
        """
        import os, signal
        pid = int(spark._jvm.java.lang.ProcessHandle.current().pid())
        os.kill(pid, signal.SIGKILL)
        orders.count()
        """,
        plain=True,
    ),
    SparkFault(
        "spark_cast", ("type_conversion_error",), "CAST_INVALID_INPUT",
        "orders.selectExpr(\"CAST(region AS INT)\").show()"
    ),
    SparkFault(
        "spark_syntax", ("sql_error",), "PARSE_SYNTAX_ERROR", 'spark.sql("SELECT region, FROM orders WHERE").show()'
    ),
    SparkFault(
        "spark_exists", ("run_conflict", "constraint_violation"), "PATH_ALREADY_EXISTS",
        'orders.write.parquet("data/out"); orders.write.parquet("data/out")',
    ),
    SparkFault(
        "spark_no_parquet", ("parse_or_encoding_error",), "is not a Parquet file",
        """
        import os
        os.makedirs("data/raw")
        open("data/raw/part-0.parquet", "w").write("id,region,qty\\n1,north,5\\n")
        spark.read.schema("id int, region string").parquet("data/raw").show()
        """,
    ),
    SparkFault(
        "spark_source_down", ("connection_refused",), "Connection refused",
        """
        lines = spark.readStream.format("socket").option("host", "127.0.0.1").option("port", 1).load()
        lines.writeStream.format("console").start().awaitTermination(30)
        """,
    ),
    SparkFault(
        "spark_no_java", ("missing_dependency", "invalid_argument", "missing_variable"), "JAVA_HOME",
        "print(1)", variables={"JAVA_HOME": "", "PATH": "/nowhere"}, bare=True,
    ),
    SparkFault(
        "spark_bad_setting", ("invalid_argument",), "memory",
        "orders.count()", options=("--conf", "spark.driver.memory=100m"),
    ),
)  # fmt: skip


def write_application(fault: SparkFault, folder: Path) -> list[str]:
    """What is submitted, in a folder; the arguments of `spark-submit`."""
    (folder / "closed").mkdir(mode=0o700)
    (folder / "data").mkdir()
    folder.chmod(0o777)
    (folder / "data").chmod(0o777)
    if not fault.script:
        (folder / "app.jar").write_bytes(_EMPTY_JAR)
        return [*fault.options]
    body = textwrap.dedent(fault.script)
    (folder / "orders.py").write_text(body if fault.bare else BEGIN + body, encoding="utf-8")
    return ["--master", "local[2]", *fault.options, "orders.py"]


# A zip file without members.
_EMPTY_JAR = b"PK\x05\x06" + bytes(18)


def provoke(fault: SparkFault, spark: Path) -> tuple[int, str]:
    """Submit the application of a fault; the exit status, and what was printed without the names of this machine."""
    with tempfile.TemporaryDirectory(prefix="wfintel-spark-") as place:
        folder = Path(place)
        arguments = write_application(fault, folder)
        around = {**os.environ, "SPARK_LOCAL_IP": "127.0.0.1", "HOME": place, **fault.variables}
        home = next(spark.glob("lib/python3*/site-packages/pyspark"))
        around["SPARK_HOME"] = str(home)
        # Somebody without rights may not be able to read the environment's own interpreter.
        around["PYSPARK_PYTHON"] = "/usr/bin/python3" if fault.unprivileged else str(spark / "bin" / "python")
        if not fault.variables:
            around["PATH"] = f"{spark / 'bin'}{os.pathsep}{around['PATH']}"
        else:
            around["PATH"] = f"{fault.variables.get('PATH', '')}{os.pathsep}{_without_java(folder)}"
        command = ["/bin/bash", str(home / "bin" / "spark-submit"), *arguments]
        if fault.plain:
            command = [str(spark / "bin" / "python"), "orders.py"]
        done = subprocess.run(
            command, cwd=folder, env=around, check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            timeout=SECONDS, user=NOBODY if fault.unprivileged else None,
        )  # fmt: skip
        text = done.stdout
    names = {
        str(folder): "/opt/shop",
        str(spark): "/opt/spark",
        os.uname().nodename: "worker-1",
        sys.base_prefix: "/usr/local",
    }
    for old, new in names.items():
        text = text.replace(old, new)
    return done.returncode, text


def _without_java(folder: Path) -> str:
    """A folder with the commands that the scripts of Spark call, but no Java."""
    commands = folder / "commands"
    commands.mkdir()
    for name in ("bash", "dirname", "env", "python3", "ls", "cat", "uname", "which"):
        found = next(
            (Path(at) / name for at in ("/usr/bin", "/bin", "/usr/local/bin") if (Path(at) / name).exists()), None
        )
        if found is not None:
            (commands / name).symlink_to(found)
    return str(commands)


def main() -> int:
    """Provoke, diagnose, print, write."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--spark", type=Path, required=True, metavar="VENV")
    parser.add_argument("--only", default="", metavar="WORD")
    parser.add_argument("--write", type=Path, metavar="FILE.jsonl")
    arguments = parser.parse_args()
    return collect(FAULTS, lambda fault: provoke(fault, arguments.spark), arguments.only, arguments.write)


if __name__ == "__main__":
    with ends_on_signals():
        raise SystemExit(main())
