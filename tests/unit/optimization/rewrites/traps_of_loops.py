"""DAG files with loops and lists that have to stay as they are: the orders that stay, and the file."""

LOOPS = {
    "turns that need the turn before": (
        "balances->close",
        """
DAYS = [f"d{n}" for n in range(1, 9)]
@dag(schedule=None)
def d():
    @task
    def balances():
        before = None
        for day in DAYS:
            before = etl_lib.transform(f"balance_{day}", [before] if before else [], seconds=2)
    @task
    def close():
        etl_lib.transform("closed", [f"balance_{day}" for day in DAYS], 2)
    balances() >> close()
d()
""",
    ),
    "the first host that answers": (
        "first_host->use",
        """
HOSTS = ["a", "b", "c", "d"]
@dag(schedule=None)
def d():
    @task
    def first_host():
        for host in HOSTS:
            try:
                etl_lib.extract(f"log_{host}", seconds=3)
            except LookupError:
                continue
            break
    @task
    def use():
        etl_lib.transform("used", [], 1)
        print(list(Path("/srv/logs").iterdir()))
    first_host() >> use()
d()
""",
    ),
    "a total over the turns": (
        "count->tell",
        """
SHOPS = ["n", "e", "s", "w"]
@dag(schedule=None)
def d():
    @task
    def count():
        total = 0
        for shop in SHOPS:
            etl_lib.extract(f"till_{shop}", seconds=3)
            total += len(shop)
        return total
    @task
    def tell(total):
        etl_lib.transform(f"total_{total}", [], 1)
    tell(count())
d()
""",
    ),
    "a list in another order": (
        "load->last_first",
        """
SHOPS = ["n", "e", "s", "w"]
@dag(schedule=None)
def d():
    @task
    def load():
        rows = []
        for shop in SHOPS:
            rows.append(etl_lib.extract(f"till_{shop}", seconds=3))
        return rows[::-1]
    @task
    def last_first(rows):
        etl_lib.transform("order", [rows[0]], 1)
        etl_lib.transform("tail", rows[1:], 1)
    last_first(load())
d()
""",
    ),
    "a list with nothing in one place": (
        "load->use",
        """
SHOPS = ["n", "e", "s"]
@dag(schedule=None)
def d():
    @task
    def load():
        found = []
        for shop in SHOPS:
            found.append(etl_lib.extract(shop, 3) if shop != "e" else None)
        return found
    @task
    def use(found):
        etl_lib.transform("use", [f for f in found if f], 1)
        print(len(found))
    use(load())
d()
""",
    ),
    "a dict of results": (
        "load->use",
        """
SHOPS = ["n", "e", "s"]
@dag(schedule=None)
def d():
    @task
    def load():
        return {shop: etl_lib.extract(shop, 3) for shop in SHOPS}
    @task
    def use(found):
        etl_lib.transform("use", list(found.values()), 1)
    use(load())
d()
""",
    ),
    "a session that counts its calls": (
        "pull->join",
        """
class Session:
    def __init__(self):
        self.token = 0
    def get(self, what):
        self.token += 1
        return etl_lib.extract(f"{what}_{self.token}", 3)
@dag(schedule=None)
def d():
    @task
    def pull():
        session = Session()
        return [session.get(w) for w in ("a", "b", "c")]
    @task
    def join(parts):
        etl_lib.transform("joined", parts, 1)
    join(pull())
d()
""",
    ),
    "a comprehension that adds to one file": (
        "pages->bind",
        """
@dag(schedule=None)
def d():
    @task
    def pages():
        return [open("/srv/report.txt", "a").write(etl_lib.extract(f"page_{n}", 2)) for n in range(6)]
    @task
    def bind():
        etl_lib.transform("bound", [], 1)
        print(open("/srv/report.txt").read())
    pages() >> bind()
d()
""",
    ),
    "a mapped task whose instances come in order": (
        "ledger->close",
        """
@dag(schedule=None)
def d():
    @task(max_active_tis_per_dagrun=1)
    def ledger(day):
        etl_lib.transform(f"ledger_{day}", [], 2)
        Path("/srv/balance.txt").write_text(day)
    @task
    def close():
        etl_lib.transform("closed", [], 1)
        print(Path("/srv/balance.txt").read_text())
    ledger.expand(day=["d1", "d2", "d3"]) >> close()
d()
""",
    ),
    "files renamed into a folder that is listed": (
        "publish_a.html->crawl publish_b.html->crawl",
        """
def publish(name):
    tmp = Path(f"/srv/tmp/{name}")
    tmp.write_text("x")
    os.replace(tmp, Path("/srv/www") / name)
def crawl():
    etl_lib.transform("crawled", [], 2)
    for p in Path("/srv/www").iterdir():
        print(p.read_text())
with DAG("d", schedule=None) as d:
    ps = [PythonOperator(task_id=f"publish_{n}", python_callable=publish, op_args=[n]) for n in ("a.html", "b.html")]
    ps >> PythonOperator(task_id="crawl", python_callable=crawl)
""",
    ),
    "a list that a folder gives": (
        "listing->copy listing->tell",
        """
@dag(schedule=None)
def d():
    @task
    def listing():
        return sorted(p.stem for p in Path("/srv/in").glob("*.csv"))
    @task
    def copy(names):
        for n in names:
            etl_lib.extract(n, 2)
    @task
    def tell(names):
        etl_lib.transform(f"got_{len(names)}", [], 1)
    names = listing()
    copy(names) >> tell(names)
d()
""",
    ),
}
