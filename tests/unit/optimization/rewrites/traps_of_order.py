"""DAG files whose orders have a hidden reason: the orders that stay, and the file."""

ORDERS = {
    "a view over a table, by a name that gathers": (
        "load_sales->weekly",
        """
DB = "/srv/shop/shop.db"
def setup():
    with sqlite3.connect(DB) as con:
        con.execute("CREATE TABLE IF NOT EXISTS sales_2025 (id, amount)")
        con.execute("INSERT INTO sales_2025 SELECT id, amount FROM inbox")
def report():
    with sqlite3.connect(DB) as con:
        con.execute("INSERT INTO weekly SELECT SUM(amount) FROM all_sales")
with DAG("d", schedule=None) as d:
    a = PythonOperator(task_id="load_sales", python_callable=setup)
    b = PythonOperator(task_id="weekly", python_callable=report)
    a >> b
""",
    ),
    "a pattern of files in a function": (
        "dump_n->mail dump_s->mail",
        """
OUT = Path("/srv/drop")
def newest(pattern):
    return sorted(OUT.glob(pattern))[-1]
def dump(region):
    (OUT / f"{region}.csv").write_text("x")
def mail():
    path = newest("*.csv")
    etl_lib.transform("mail", [], 2)
    print(path.read_text())
with DAG("d", schedule=None) as d:
    prev = None
    for region in ["n", "s"]:
        t = PythonOperator(task_id=f"dump_{region}", python_callable=dump, op_args=[region])
        if prev: prev >> t
        prev = t
    prev >> PythonOperator(task_id="mail", python_callable=mail)
""",
    ),
    "a counter in a file": (
        "orders->invoices",
        """
STATE = {"batch": Path("/srv/batch.txt")}
def next_batch():
    n = int(STATE["batch"].read_text()) + 1
    STATE["batch"].write_text(str(n))
    return n
@dag(schedule=None)
def d():
    @task
    def orders():
        etl_lib.transform(f"orders_{next_batch()}", [], 3)
    @task
    def invoices():
        etl_lib.transform(f"invoices_{next_batch()}", [], 3)
    orders() >> invoices()
d()
""",
    ),
    "one temporary file for all": (
        "stage_a->stage_b stage_b->stage_c",
        """
SCRATCH = os.path.join(tempfile.gettempdir(), "stage.csv")
def stage(table):
    etl_lib.extract(table, 2)
    with open(SCRATCH, "w") as f:
        f.write(table)
    shutil.copy(SCRATCH, f"/srv/{table}.csv")
with DAG("d", schedule=None) as d:
    last = None
    for t in ["a", "b", "c"]:
        op = PythonOperator(task_id=f"stage_{t}", python_callable=stage, op_args=[t])
        if last: last >> op
        last = op
""",
    ),
    "numbers given in order": (
        "number_invoices->number_credits number_credits->number_reminders",
        """
def number(table):
    with sqlite3.connect("/srv/books.db") as con:
        for row in con.execute(f"SELECT id FROM {table} WHERE number IS NULL ORDER BY id").fetchall():
            con.execute(f"UPDATE {table} SET number = (SELECT MAX(n) + 1 FROM counter) WHERE id = ?", row)
            con.execute("UPDATE counter SET n = n + 1")
with DAG("d", schedule=None) as d:
    chain(*[PythonOperator(task_id=f"number_{t}", python_callable=number, op_kwargs={"table": t}) for t in ("invoices", "credits", "reminders")])
""",
    ),
    "rules of their own": (
        "load->alarm load->done",
        """
with DAG("d", schedule=None) as d:
    load = PythonOperator(task_id="load", python_callable=etl_lib.extract, op_args=["orders", 2])
    alarm = PythonOperator(task_id="alarm", python_callable=etl_lib.transform, op_args=["alarm", [], 1], trigger_rule="one_failed")
    done = PythonOperator(task_id="done", python_callable=etl_lib.transform, op_args=["done", [], 1], trigger_rule="all_done")
    load >> alarm
    load >> done
""",
    ),
    "a gate": (
        "gate->load_a gate->load_b",
        """
def is_workday(ds=None):
    return etl_lib.transform("calendar", [], 1) and datetime.fromisoformat(ds).weekday() < 5
@dag(schedule=None)
def d():
    @task.short_circuit
    def gate(ds=None):
        return is_workday(ds)
    @task
    def load(t):
        etl_lib.extract(t, 3)
    gate() >> [load.override(task_id=f"load_{t}")(t) for t in ("a", "b")]
d()
""",
    ),
    "tables swapped by name": (
        "build->swap swap->use",
        """
def build():
    etl_lib.run_sql("CREATE TABLE prices_new AS SELECT * FROM raw_prices", 3)
def swap():
    for old, new in (("prices", "prices_old"), ("prices_new", "prices")):
        with sqlite3.connect("/srv/p.db") as con:
            con.execute(f"ALTER TABLE {old} RENAME TO {new}")
def use():
    with sqlite3.connect("/srv/p.db") as con:
        con.execute("INSERT INTO quotes SELECT * FROM prices")
with DAG("d", schedule=None) as d:
    PythonOperator(task_id="build", python_callable=build) >> PythonOperator(task_id="swap", python_callable=swap) >> PythonOperator(task_id="use", python_callable=use)
""",
    ),
    "a program that reads a file": (
        "prepare->compute compute->publish",
        """
def prepare():
    Path("/srv/job.env").write_text("DAY=1")
    etl_lib.transform("prepared", [], 1)
def compute():
    subprocess.run(["/srv/bin/compute", "--out", "/srv/result.csv"], check=True)
def publish():
    etl_lib.transform("published", [], 2)
    print(open("/srv/result.csv").read())
with DAG("d", schedule=None) as d:
    chain(*(PythonOperator(task_id=f.__name__, python_callable=f) for f in (prepare, compute, publish)))
""",
    ),
    "runs that wait for runs": (
        "snapshot->archive",
        """
with DAG("d", schedule="@daily", default_args={"depends_on_past": True, "wait_for_downstream": True}) as d:
    a = PythonOperator(task_id="snapshot", python_callable=etl_lib.extract, op_args=["snapshot", 2])
    b = PythonOperator(task_id="archive", python_callable=etl_lib.transform, op_args=["archive", [], 2])
    a >> b
""",
    ),
    "a target put together": (
        "clear->load",
        """
def clear(tables=("fact_sales",)):
    for t in tables:
        with sqlite3.connect("/srv/dwh.db") as con:
            con.execute("DELETE FROM " + t)
def load(target="fact_" + "sales"):
    with sqlite3.connect("/srv/dwh.db") as con:
        con.execute("INSERT INTO %s SELECT * FROM staging" % target)
with DAG("d", schedule=None) as d:
    PythonOperator(task_id="clear", python_callable=clear) >> PythonOperator(task_id="load", python_callable=load)
""",
    ),
    "lines of a journal of postings": (
        "post_debit->post_credit post_credit->post_fee",
        """
def post(account, amount):
    etl_lib.transform(f"posting_{account}", [], 1)
    with open("/srv/journal.csv", "a", newline="") as f:
        csv.writer(f).writerow([account, amount])
with DAG("d", schedule=None) as d:
    last = EmptyOperator(task_id="start")
    for account, amount in {"debit": 5, "credit": -5, "fee": 1}.items():
        t = PythonOperator(task_id=f"post_{account}", python_callable=post, op_args=[account, amount])
        last >> t
        last = t
""",
    ),
    "a copy of a folder": (
        "a->sync sync->b",
        """
with DAG("d", schedule=None) as d:
    a = PythonOperator(task_id="a", python_callable=etl_lib.extract, op_args=["a", 2])
    sync = BashOperator(task_id="sync", bash_command="rsync -a $SLOW_DAGS_DATA/ backup:/data/")
    b = PythonOperator(task_id="b", python_callable=etl_lib.extract, op_args=["b", 2])
    a >> sync >> b
""",
    ),
    "a check of what is there": (
        "orders->audit",
        """
def audit():
    here = {p.stem for p in etl_lib.yard().iterdir()}
    etl_lib.transform("audit", [], 1)
    assert "raw_orders" in here
with DAG("d", schedule=None) as d:
    o = PythonOperator(task_id="orders", python_callable=etl_lib.extract, op_args=["orders", 3])
    a = PythonOperator(task_id="audit", python_callable=audit)
    o >> a
""",
    ),
    "a function chosen by name": (
        "a->b",
        """
STEPS = ["extract", "transform"]
def do(name, *args):
    getattr(etl_lib, name)(*args)
with DAG("d", schedule=None) as d:
    a = PythonOperator(task_id="a", python_callable=do, op_args=["extract", "orders", 2])
    b = PythonOperator(task_id="b", python_callable=do, op_args=["transform", "mart", ["raw_orders"], 2])
    a >> b
""",
    ),
    "one session at a time": (
        "pull_a->pull_b",
        """
# one call at a time: the vendor locks the account when two sessions are open
class Session:
    def __enter__(self):
        Path("/srv/session.lock").touch(exist_ok=False)
        return self
    def __exit__(self, *exc):
        Path("/srv/session.lock").unlink()
def pull(what):
    with Session():
        etl_lib.extract(what, 3)
with DAG("d", schedule=None) as d:
    a, b = (PythonOperator(task_id=f"pull_{w}", python_callable=pull, op_args=[w]) for w in ("a", "b"))
    a >> b
""",
    ),
    "a value beside the return value": (
        "collect->resume",
        """
def collect(ti=None):
    etl_lib.extract("people", 2)
    ti.xcom_push(key="cursor", value=5)
def resume(**context):
    cursor = context["ti"].xcom_pull(key="cursor", task_ids=["collect"])
    etl_lib.transform("resumed", [], 1)
with DAG("d", schedule=None) as d:
    PythonOperator(task_id="collect", python_callable=collect) >> PythonOperator(task_id="resume", python_callable=resume)
""",
    ),
    "an extract done again on purpose": (
        "snapshot_1->reserve reserve->snapshot_2 snapshot_2->count",
        """
def snapshot():
    etl_lib.extract("stock", 4)
def reserve():
    etl_lib.transform("reservations", ["raw_stock"], 2)
    etl_lib.step("raw_stock", ["reservations"], 1)
def count():
    etl_lib.transform("count", ["raw_stock"], 2)
with DAG("d", schedule=None) as d:
    s1 = PythonOperator(task_id="snapshot_1", python_callable=snapshot)
    r = PythonOperator(task_id="reserve", python_callable=reserve)
    s2 = PythonOperator(task_id="snapshot_2", python_callable=snapshot)
    c = PythonOperator(task_id="count", python_callable=count)
    chain(s1, r, s2, c)
""",
    ),
}
