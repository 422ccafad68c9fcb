"""What the generator is told about a deployment: names only, no secrets, and only what the caller may see."""

from __future__ import annotations

import pytest
from airflow.models.asset import AssetModel
from airflow.models.connection import Connection
from airflow.models.dag import DagModel
from airflow.models.dag_version import DagVersion
from airflow.models.dagbundle import DagBundleModel
from airflow.models.dagcode import DagCode
from sqlalchemy.orm import Session

from airflow_provider_wfintel.app.context import deployment_context
from airflow_provider_wfintel.exceptions import StoreError
from airflow_provider_wfintel.host.context import Visible, dag_source_hashes, read_context, read_dag_sources
from airflow_provider_wfintel.host.session import metadata_session

pytestmark = pytest.mark.integration


@pytest.fixture
def deployment(session: Session) -> Session:
    """Two connections, a DAG that is there, one that is gone, and an asset. Rolled back afterwards."""
    session.add(Connection(conn_id="warehouse", conn_type="postgres", login="ann", password="hunter2"))
    session.add(Connection(conn_id="lake", conn_type="aws"))
    session.merge(DagBundleModel(name="dags-folder"))
    session.flush()
    session.add(DagModel(dag_id="orders", bundle_name="dags-folder", is_stale=False, fileloc="a.py"))
    session.add(DagModel(dag_id="gone", bundle_name="dags-folder", is_stale=True, fileloc="b.py"))
    session.add(AssetModel(name="orders", uri="s3://lake/orders", group="asset"))
    session.flush()
    return session


def test_everything_is_known_by_name(deployment: Session) -> None:
    context = read_context(deployment)
    assert set(context.connections) >= {("warehouse", "postgres"), ("lake", "aws")}
    assert ("default_pool", 128) in context.pools
    assert "s3://lake/orders" in context.assets
    assert "orders" in context.dag_ids
    assert "apache-airflow-providers-standard" in context.providers


def test_dags_that_are_gone_do_not_count(deployment: Session) -> None:
    assert "gone" not in read_context(deployment).dag_ids


def test_no_secret_gets_in(deployment: Session) -> None:
    text = repr(read_context(deployment))
    assert "hunter2" not in text
    assert "'ann'" not in text


def test_only_what_the_caller_may_see(deployment: Session) -> None:
    visible = Visible(connections=frozenset({"lake"}), pools=frozenset(), dag_ids=frozenset(), assets=False)
    context = read_context(deployment, visible)
    assert context.connections == (("lake", "aws"),)
    assert (context.pools, context.dag_ids, context.assets) == ((), (), ())


def test_what_airflow_comes_with_is_no_choice_of_the_deployment(
    deployment: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (read_context(deployment).timezone, read_context(deployment).owner) == ("", "")
    monkeypatch.setenv("AIRFLOW__CORE__DEFAULT_TIMEZONE", "Europe/Berlin")
    monkeypatch.setenv("AIRFLOW__OPERATORS__DEFAULT_OWNER", "data-team")
    assert (read_context(deployment).timezone, read_context(deployment).owner) == ("Europe/Berlin", "data-team")


class TestSession:
    def write_and_fail(self) -> None:
        from airflow.models.variable import Variable

        with metadata_session() as session:
            session.add(Variable(key="lost", val="1"))
            session.flush()
            raise ZeroDivisionError

    def test_it_commits_at_the_end_and_rolls_back_on_errors(self, airflow_db: None) -> None:
        from airflow.models.variable import Variable

        with metadata_session() as session:
            session.add(Variable(key="kept", val="1"))
        with pytest.raises(ZeroDivisionError):
            self.write_and_fail()
        with metadata_session() as session:
            assert {item.key for item in session.query(Variable)} == {"kept"}
            session.query(Variable).delete()

    def test_a_process_without_a_database_gets_a_hint(self, monkeypatch: pytest.MonkeyPatch) -> None:
        from airflow import settings

        monkeypatch.setattr(settings, "NonScopedSession", None)
        with pytest.raises(StoreError) as caught, metadata_session():
            pass
        assert "WfIntelHook" in caught.value.hint
        assert not caught.value.retryable


@pytest.fixture
def sources(deployment: Session) -> Session:
    """Three DAGs of one style whose sources Airflow has stored."""
    for name in ("fin_a", "fin_b", "fin_c"):
        deployment.add(DagModel(dag_id=name, bundle_name="dags-folder", is_stale=False, fileloc=f"{name}.py"))
        deployment.flush()
        version = DagVersion(dag_id=name, version_number=1, bundle_name="dags-folder")
        deployment.add(version)
        deployment.flush()
        text = f"from airflow.sdk import DAG\nDAG('{name}', default_args={{'owner': 'finance'}})\n"
        deployment.add(DagCode(version, f"{name}.py", text))
    deployment.flush()
    return deployment


def test_the_house_style_comes_from_the_stored_sources(sources: Session) -> None:
    # Other tests may have left DAGs in the database: these three are those that the caller may read.
    visible = Visible(sources=frozenset({"fin_a", "fin_b", "fin_c"}))
    style = deployment_context(sources, visible).style
    assert (style.owner, style.prefix, style.dags) == ("finance", "fin_", 3)


def test_sources_that_the_caller_may_not_read_teach_nothing(sources: Session) -> None:
    assert dag_source_hashes(sources, Visible(sources=frozenset())) == ()
    named = dag_source_hashes(sources, Visible(sources=frozenset({"fin_a"})))
    (text,) = read_dag_sources(sources, named)
    assert "fin_a" in text


def test_sources_are_fetched_once_and_again_when_one_has_changed(
    sources: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who types waits for the answer: some hundred files are not read and parsed for every pause."""
    fetched: list[int] = []

    def counted(session: Session, hashes: tuple[tuple[str, str], ...]) -> tuple[str, ...]:
        fetched.append(len(hashes))
        return read_dag_sources(session, hashes)

    monkeypatch.setattr("airflow_provider_wfintel.app.context.read_dag_sources", counted)
    monkeypatch.setattr("airflow_provider_wfintel.app.context._styles", {})
    visible = Visible(sources=frozenset({"fin_a", "fin_b", "fin_c"}))
    for _ in range(2):
        assert deployment_context(sources, visible).style.owner == "finance"
    assert fetched == [3]
    for code in sources.query(DagCode).filter(DagCode.dag_id.in_(["fin_a", "fin_b", "fin_c"])):
        code.source_code = code.source_code.replace("finance", "sales")
        code.source_code_hash = DagCode.dag_source_hash(code.source_code)
    sources.flush()
    assert deployment_context(sources, visible).style.owner == "sales"
    assert fetched == [3, 3]
