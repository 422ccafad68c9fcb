"""Decorators, dataclasses and functions that walk along lists are followed; names of files are told apart by their ends."""

from __future__ import annotations

import pytest

from airflow_provider_wfintel.engine.optimization.proof.order import classify_edges
from airflow_provider_wfintel.engine.optimization.understanding.aliases import may_alias
from tests.unit.optimization.understanding.test_objects import only_task
from tests.unit.optimization.understanding.test_reading import read

TIMED = """
    def timed(job):
        @functools.wraps(job)
        def run(*args, **kwargs):
            try:
                return job(*args, **kwargs)
            finally:
                print(job.__name__)
        return run
"""


def test_a_decorated_function_does_what_its_wrapper_does():
    task = only_task(
        TIMED + '    @timed\n    def save(name, text="x"):\n        Path(f"/out/{name}.csv").write_text(text)\n',
        'save("a")',
    )
    assert task.known
    assert "file:/out/a.csv" in task.writes


def test_a_wrapper_that_does_more_shows_it():
    code = TIMED.replace("print(job.__name__)", 'Path("/out/seen.csv").write_text(job.__name__)')
    task = only_task(code + "    @timed\n    def nothing():\n        pass\n", "nothing()")
    assert "file:/out/seen.csv" in task.writes


def test_a_decorator_that_keeps_its_function_unread_is_not_understood():
    assert not only_task("    import tenacity\n    @tenacity.retry()\n    def save():\n        pass\n", "save()").known


def test_the_arguments_of_a_task_reach_a_wrapped_function_and_one_with_context():
    found = read(
        """
        def timed(job):
            @functools.wraps(job)
            def run(*args, **kwargs):
                return job(*args, **kwargs)
            return run
        @timed
        def wrapped(name):
            depot.fetch(name)
        def plain(**context):
            depot.fetch(context["name"])
        with DAG("d") as dag:
            PythonOperator(task_id="one", python_callable=wrapped, op_kwargs={"name": "a"})
            PythonOperator(task_id="two", python_callable=plain, op_kwargs={"name": "b"})
    """.replace("def timed", "import functools\n        def timed", 1)
    )
    assert [task.known for task in found.tasks] == [True, True]
    assert [
        any(name in item for item in task.writes) for name, task in zip(("in_a", "in_b"), found.tasks, strict=True)
    ] == [True, True]


DATACLASS = """
    from dataclasses import field
    @dataclass
    class Statement:
        text: str
        tags: list = field(default_factory=list)
        made: str = field(init=False)
        def __post_init__(self):
            self.made = self.text.partition(" ")[0]
    @dataclass
    class Base:
        kind: str
    @dataclass
    class Child(Base):
        name: str = "n"
"""


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ('Path(f"/out/{Statement("rows of").made}.csv").touch()'.replace('"rows of"', "'rows of'"), "/out/rows.csv"),
        ("c = Child('k')\nPath(f'/out/{c.kind}_{c.name}.csv').touch()", "/out/k_n.csv"),
        ("Path('/out').joinpath('a.tmp').with_suffix('.csv').touch()", "/out/a.csv"),
        ("Path('/out/a.csv').with_name('b.csv').touch()", "/out/b.csv"),
        ("Path('/out/a.csv').with_stem('c').touch()", "/out/c.csv"),
        ("name = str(Path('x/y')).replace('/', '_')\nPath(f'/out/{name}.csv').touch()", "/out/x_y.csv"),
        ("Path('/out/' + functools.reduce(lambda a, b: a + b, ['p', 'q'], '') + '.csv').touch()", "/out/pq.csv"),
    ],
)
def test_values_are_computed_as_python_does(body, path):
    task = only_task(DATACLASS, body)
    assert task.known
    assert {item for item in task.writes if item.startswith("file:")} == {f"file:{path}"}


def test_a_suffix_is_not_put_behind_a_name_that_may_have_a_dot():
    task = only_task("", "Path(f'/out/{os.environ[\"NAME\"]}_a').with_suffix('.csv').touch()")
    assert "file:/out/⟨$NAME⟩_a.csv" not in task.writes


@pytest.mark.parametrize(
    ("order", "edges"),
    [
        ("functools.reduce(lambda a, b: a >> b, [a, b, c])", {("a", "b"), ("b", "c")}),
        ("for one, two in itertools.pairwise([a, b, c]): one >> two", {("a", "b"), ("b", "c")}),
        ("for one in itertools.chain.from_iterable([[a], [b]]): one >> c", {("a", "c"), ("b", "c")}),
    ],
)
def test_orders_said_along_a_list_are_read(order, edges):
    found = read(f"""
        import functools, itertools
        with DAG("d") as dag:
            a, b, c = [EmptyOperator(task_id=name) for name in "abc"]
            {order}
    """)
    assert found.doubts == ()
    assert found.edges == edges


@pytest.mark.parametrize(
    ("one", "two", "same"),
    [
        ("file:⟨$A⟩/orders.csv", "file:⟨$B⟩/users.csv", False),
        ("file:⟨$A⟩/orders.csv", "file:⟨$B⟩/orders.csv", True),
        ("file:⟨$A⟩/⟨x⟩_orders.csv", "file:⟨$B⟩/users.csv", False),
        ("file:⟨$A⟩/⟨x⟩orders.csv", "file:⟨$B⟩/new_orders.csv", True),
        ("file:⟨$A⟩/⟨x⟩", "file:⟨$B⟩/users.csv", True),
        ("file:⟨$A⟩/x.parquet", "file:⟨$B⟩/part.csv", True),
        ("file:/srv/p.db", "file:⟨$B⟩/part.csv", True),
        ("file:⟨$A⟩/folder", "file:⟨$B⟩/part.csv", True),
    ],
)
def test_files_in_unknown_folders_are_told_apart_by_the_ends_of_their_names(one, two, same):
    assert may_alias(one, two) is may_alias(two, one) is same


def test_the_order_of_a_mapped_output_is_one_of_data():
    found = read("""
        with DAG("d") as dag:
            def shops():
                return ["x", "y"]
            names = PythonOperator(task_id="names", python_callable=shops)
            PythonOperator.partial(task_id="load", python_callable=depot.fetch).expand(op_args=names.output.map(lambda n: [n]))
    """)
    assert {(edge.upstream, edge.downstream): edge.verdict for edge in classify_edges(found)} == {
        ("names", "load"): "proven real"
    }
    assert found.task("load").instances == 2
