"""Stand-ins below the hooks of Airflow: connections, databases, AWS, Google, mail, SSH, SFTP, FTP and other clients."""

from __future__ import annotations

import contextlib
import io
import json
import posixpath
import stat
import sys
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

from airflow_provider_wfintel.host.trial import clients, stores
from airflow_provider_wfintel.host.trial.answers import shape_value
from airflow_provider_wfintel.host.trial.databases import StandInConnection
from airflow_provider_wfintel.host.trial.recorder import ClientStandIn, Recorder
from airflow_provider_wfintel.host.trial.samples import PACKED, SAMPLES, sample_of

__all__ = ["install"]

_SAMPLE = b"id,name,amount\n1,sample 1,10.5\n2,sample 2,21.0\n"


def _content(name: str) -> bytes:
    """What a file on a server holds: a table, or an archive where the name says so."""
    if "." not in posixpath.basename(str(name)):
        return SAMPLES[".jsonl"].encode() if "/" in str(name) and " " not in str(name) else _SAMPLE
    return sample_of(str(name)) if str(name).lower().endswith((*PACKED, *SAMPLES)) else _SAMPLE


def install(recorder: Recorder) -> None:
    """Replace what is installed; what is not installed cannot be called."""
    _connections(recorder)
    for replace in (_databases, _aws, _google, _mail, _ssh, _ftp, _clients, stores.install, clients.install):
        with contextlib.suppress(ImportError):
            replace(recorder)


# A guess from the words in the id is all there is: the file names connections, not their types.
_TYPES = (
    ("postgres", "postgres"), ("pg", "postgres"), ("mysql", "mysql"), ("maria", "mysql"), ("snowflake", "snowflake"),
    ("redshift", "redshift"), ("sqlite", "sqlite"), ("databricks", "databricks"), ("bigquery", "gcpbigquery"),
    ("google", "google_cloud_platform"), ("gcp", "google_cloud_platform"), ("aws", "aws"), ("http", "http"), ("api", "http"),
    ("sftp", "sftp"), ("ssh", "ssh"), ("ftp", "ftp"), ("smtp", "smtp"), ("slack", "slack"), ("spark", "spark"),
)  # fmt: skip
_EXTRAS: dict[str, dict[str, Any]] = {
    "aws": {"region_name": "eu-central-1"},
    "google_cloud_platform": {"project": "sample-project"},
    "snowflake": {"account": "sample", "warehouse": "sample", "database": "sample"},
    "smtp": {"from_email": "airflow@example.org", "disable_tls": True},
    "kafka": {"bootstrap.servers": "localhost:9092", "group.id": "sample", "auto.offset.reset": "earliest"},
    "databricks": {"http_path": "/sql/1.0/warehouses/sample"},
    "azure_data_factory": {"subscriptionId": "sample", "factory_name": "sample", "resource_group_name": "sample"},
}


def _connections(recorder: Recorder) -> None:
    from airflow.sdk import BaseHook, Connection

    def made_up(conn_id: str, kind: str = "") -> Any:
        if not conn_id:
            raise ValueError("the connection id is missing")
        known = (
            kind or recorder.conn_type or next((value for word, value in _TYPES if word in conn_id.lower()), "postgres")
        )
        extra = {
            "project": "sample-project", "tenantId": "sample", "tenant_id": "sample", **_EXTRAS.get(known, {}),
        }  # fmt: skip
        host = {"http": "https://api.example.org", "slackwebhook": "https://hooks.slack.com/services"}.get(
            known, f"{known.replace('_', '-')}.example.org"
        )
        return Connection(
            conn_id=conn_id, conn_type=known, host=host, login="1234", password="made-up",  # noqa: S106 - no secret
            schema="https" if known in ("http", "databricks") else "sample", port=None, extra=json.dumps(extra),
        )  # fmt: skip

    def get(cls: Any, conn_id: str) -> Any:
        return made_up(conn_id, getattr(cls, "conn_type", "") or "")

    async def aget(cls: Any, conn_id: str) -> Any:
        return made_up(conn_id, getattr(cls, "conn_type", "") or "")

    BaseHook.get_connection = classmethod(get)  # type: ignore[assignment, method-assign]
    BaseHook.aget_connection = classmethod(aget)  # type: ignore[assignment, method-assign]
    Connection.get = classmethod(lambda cls, conn_id: made_up(conn_id))  # type: ignore[assignment, method-assign]


def _replace_member(owner: Any, name: str, make: Any) -> None:
    """Let every instance, also of a subclass with a method of its own, answer with what `make` gives."""
    before = owner.__getattribute__

    def lookup(self: Any, asked: str) -> Any:
        return make(self) if asked == name else before(self, asked)

    owner.__getattribute__ = lookup


def _databases(recorder: Recorder) -> None:
    from airflow.providers.common.sql.hooks.sql import DbApiHook

    def connection(hook: Any) -> Any:
        name = type(hook).__name__.removesuffix("Hook").lower()
        return lambda *_, **__: StandInConnection(recorder, name)

    _replace_member(DbApiHook, "get_conn", connection)

    def frame(hook: Any) -> Any:
        def read(sql: Any, *_: Any, **__: Any) -> Any:
            import pandas as pd

            cursor = connection(hook)().cursor().execute(sql)
            return pd.DataFrame(cursor.fetchall(), columns=[column[0] for column in cursor.description or ()])

        return read

    _replace_member(DbApiHook, "get_df", frame)
    _replace_member(DbApiHook, "get_sqlalchemy_engine", lambda hook: _no_engine)
    # The real one asks SQLAlchemy's dialect of the driver, which need not be installed.
    names = {"postgres": "postgresql", "redshift": "postgresql"}
    _replace_member(DbApiHook, "dialect_name", lambda hook: names.get(hook.conn_type, hook.conn_type))


def _no_engine(*_: Any, **__: Any) -> Any:
    raise NotImplementedError("a trial run has no SQLAlchemy engine to give")


def _aws(recorder: Recorder) -> None:
    """Below the real client: names and arguments are checked by botocore, the answer is made from its own model."""
    import os

    import botocore.endpoint

    os.environ.update({
        "AWS_ACCESS_KEY_ID": "made-up", "AWS_SECRET_ACCESS_KEY": "made-up", "AWS_DEFAULT_REGION": "eu-central-1",
        "AWS_EC2_METADATA_DISABLED": "true",
    })  # fmt: skip

    received = set[str]()

    def make_request(self: Any, operation_model: Any, request_dict: dict[str, Any]) -> Any:
        service = operation_model.service_model.service_name
        if operation_model.name == "HeadObject" and _is_writing():
            return SimpleNamespace(status_code=404), {
                "Error": {"Code": "404", "Message": "Not Found"}, "ResponseMetadata": {"HTTPStatusCode": 404},
            }  # fmt: skip
        asked = request_dict.get("body") or request_dict.get("query_string") or ""
        asked = asked.read() if hasattr(asked, "read") else asked
        recorder.add("wire", service, operation_model.name, request_dict.get("url_path", ""), asked)
        # Only what holds data can be empty: instances, clusters and runs that a DAG asks for are there.
        data = operation_model.name.startswith(("ListObjects", "ReceiveMessage", "Scan", "Query", "GetQueryResults"))
        has_rows = recorder.has_rows or not data
        if operation_model.name == "ReceiveMessage":
            # A queue runs empty: who reads until nothing is left would read for ever.
            has_rows = has_rows and str(asked) not in received
            received.add(str(asked))
        parsed = shape_value(operation_model.output_shape, has_rows=has_rows)
        for key, value in list(parsed.items()):
            if operation_model.has_streaming_output and isinstance(value, bytes):
                from botocore.response import StreamingBody

                content = _content(str(request_dict.get("url_path", ""))) if service == "s3" else b"{}"
                parsed[key] = StreamingBody(io.BytesIO(content), len(content))
        if operation_model.name == "HeadObject":
            parsed["ContentLength"] = len(_SAMPLE)
        if "StatusCode" in parsed:
            parsed["StatusCode"] = 200
        parsed["ResponseMetadata"] = {
            "HTTPStatusCode": 200,
            "HTTPHeaders": {},
            "RequestId": "sample",
            "RetryAttempts": 0,
        }
        return SimpleNamespace(status_code=200, headers={}, content=b""), parsed

    botocore.endpoint.Endpoint.make_request = make_request


def _is_writing() -> bool:
    """Whether the hook looks for an object only because it is about to write it: then there is none."""
    frame = sys._getframe(2)
    while frame is not None:
        if frame.f_code.co_name.startswith(("load_", "upload")):
            return True
        frame = frame.f_back  # type: ignore[assignment]
    return False


def _google(recorder: Recorder) -> None:
    """Credentials without a secret; gRPC answers with an empty message of the right type, finished operations."""
    import google.api_core.grpc_helpers as helpers
    import google.api_core.operation
    import google.auth
    from airflow.providers.google.common.hooks.base_google import GoogleBaseHook
    from google.auth.credentials import AnonymousCredentials

    class Credentials(AnonymousCredentials):  # type: ignore[misc]
        project_id = quota_project_id = "sample-project"
        service_account_email = "sample@example.org"
        token = "made-up"  # noqa: S105 - no secret
        valid, expired = True, False

    given = (Credentials(), "sample-project")
    google.auth.default = lambda *_, **__: given
    GoogleBaseHook.get_credentials_and_project_id = lambda self: given
    GoogleBaseHook.get_credentials = lambda self: given[0]

    class Channel:
        def __getattr__(self, name: str) -> Any:
            def method(path: str, *_: Any, **keys: Any) -> Any:
                write, read = keys.get("request_serializer"), keys.get("response_deserializer")

                def call(request: Any = None, *_: Any, **__: Any) -> Any:
                    if write:
                        write(request)
                    service, verb = path.strip("/").rsplit("/", 1)
                    recorder.add("wire", service, verb, "", request)
                    answer = read(b"") if read else None
                    return iter((answer,)) if name.endswith("stream") else answer

                return call

            return method if name.startswith(("unary_", "stream_")) else lambda *_, **__: None

    helpers.create_channel = lambda *_, **__: Channel()
    google.api_core.operation.Operation.result = lambda self, *_, **__: self._result_type()
    google.api_core.operation.Operation.done = lambda self, *_, **__: True
    google.api_core.operation.Operation.exception = lambda self, *_, **__: None


def _mail(recorder: Recorder) -> None:
    import smtplib

    class Server:
        def __init__(self, host: str = "", *_: Any, **__: Any) -> None:
            self.host = host

        def sendmail(self, from_addr: str, to_addrs: Any, msg: Any, *_: Any, **__: Any) -> dict[str, Any]:
            recorder.add("wire", f"smtp {self.host}", "send", to_addrs, msg)
            return {}

        def send_message(
            self, msg: Any, from_addr: Any = None, to_addrs: Any = None, *_: Any, **__: Any
        ) -> dict[str, Any]:
            return self.sendmail("", to_addrs or msg["To"], msg.as_string())

        def has_extn(self, name: str) -> bool:
            return True

        def __getattr__(self, name: str) -> Any:
            if name in ("ehlo", "helo", "starttls", "login", "quit", "close", "noop", "set_debuglevel", "connect"):
                return lambda *_, **__: (250, b"ok")
            raise AttributeError(name)

        def __enter__(self) -> Server:
            return self

        def __exit__(self, *_: object) -> None:
            return None

    smtplib.SMTP = smtplib.SMTP_SSL = Server  # type: ignore[misc, assignment]


class _RemoteFiles:
    """The files of an SFTP server: every file exists, every folder holds a few."""

    def __init__(self, recorder: Recorder, service: str) -> None:
        self._recorder, self._service = recorder, service

    def _note(self, verb: str, path: Any, payload: Any = "") -> None:
        self._recorder.add("wire", self._service, verb, str(path), payload)

    def listdir(self, path: str = ".") -> list[str]:
        """The names in a folder."""
        self._note("list", path)
        return (
            [f"sample_{n}.{ending}" for n in (1, 2) for ending in ("csv", "json", "txt")]
            if self._recorder.has_rows
            else []
        )

    def listdir_attr(self, path: str = ".") -> list[Any]:
        """The names in a folder with their attributes."""
        return [self._attributes(name, folder=False) for name in self.listdir(path)]

    def stat(self, path: str) -> Any:
        """A name with an ending is a file, one without a folder."""
        self._note("stat", path)
        return self._attributes(posixpath.basename(str(path)), folder="." not in posixpath.basename(str(path)))

    lstat = stat

    @staticmethod
    def _attributes(name: str, *, folder: bool) -> Any:
        mode = (stat.S_IFDIR if folder else stat.S_IFREG) | 0o644
        return SimpleNamespace(
            filename=name, st_mode=mode, st_size=len(_SAMPLE), st_mtime=1767225600, st_atime=0, longname=name
        )

    def open(self, path: str, mode: str = "r", *_: Any) -> Any:
        """A file to read from or to write to."""
        self._note("write" if "w" in mode else "read", path)
        return io.BytesIO(b"" if "w" in mode else _content(path))

    file = open

    def get(self, remotepath: str, localpath: str, *_: Any, **__: Any) -> None:
        """Download."""
        self._note("get", remotepath)
        with open(localpath, "wb") as file:
            file.write(_content(remotepath))

    def getfo(self, remotepath: str, fl: Any, *_: Any, **__: Any) -> int:
        """Download into a file object."""
        self._note("get", remotepath)
        return int(fl.write(_content(remotepath)))

    def put(self, localpath: str, remotepath: str, *_: Any, **__: Any) -> None:
        """Upload."""
        with open(localpath, "rb") as file:
            self._note("put", remotepath, file.read(400))

    def putfo(self, fl: Any, remotepath: str, *_: Any, **__: Any) -> None:
        """Upload from a file object."""
        self._note("put", remotepath, fl.read(400))

    def normalize(self, path: str) -> str:
        """The path itself."""
        return path

    def __getattr__(self, name: str) -> Any:
        if name in ("mkdir", "rmdir", "remove", "unlink", "rename", "posix_rename", "chdir", "utime", "chmod", "close"):
            return lambda *args, **_: None if name == "close" else self._note(name, args[0] if args else "", args[1:])
        raise AttributeError(name)

    def __enter__(self) -> _RemoteFiles:
        return self

    def __exit__(self, *_: object) -> None:
        return None


def _ssh(recorder: Recorder) -> None:
    from airflow.providers.ssh.hooks.ssh import SSHHook

    class Client:
        def __enter__(self) -> Client:
            return self

        def __exit__(self, *_: object) -> None:
            return None

        def open_sftp(self) -> _RemoteFiles:
            return _RemoteFiles(recorder, "sftp")

        def close(self) -> None:
            return None

        def get_transport(self) -> Any:
            return None

    def run(self: Any, ssh_client: Any, command: str, *_: Any, **__: Any) -> tuple[int, bytes, bytes]:
        recorder.add("wire", f"ssh {self.remote_host or self.ssh_conn_id}", "run", "", command)
        return 0, b"sample\n", b""

    SSHHook.get_conn = lambda self: Client()
    SSHHook.exec_ssh_client_command = run
    with contextlib.suppress(ImportError):
        from airflow.providers.sftp.hooks.sftp import SFTPHook

        @contextlib.contextmanager
        def managed(self: Any) -> Iterator[Any]:
            self.conn = _RemoteFiles(recorder, "sftp")
            self._ssh_conn = Client()
            yield self.conn

        SFTPHook.get_managed_conn = managed
        SFTPHook.get_conn = lambda self: _RemoteFiles(recorder, "sftp")


def _ftp(recorder: Recorder) -> None:
    import ftplib

    class Server:
        def __init__(self, *_: Any, **__: Any) -> None:
            self.sock = None

        def nlst(self, path: str = "") -> list[str]:
            recorder.add("wire", "ftp", "list", path)
            return ["sample_1.csv", "sample_2.csv"] if recorder.has_rows else []

        def mlsd(self, path: str = "", *_: Any) -> Any:
            return ((name, {"type": "file", "size": "42", "modify": "20260101060000"}) for name in self.nlst(path))

        def retrbinary(self, cmd: str, callback: Any, *_: Any) -> str:
            recorder.add("wire", "ftp", "get", cmd.split(" ", 1)[-1])
            callback(_content(cmd))
            return "226"

        def storbinary(self, cmd: str, fp: Any, *_: Any, **__: Any) -> str:
            recorder.add("wire", "ftp", "put", cmd.split(" ", 1)[-1], fp.read(400))
            return "226"

        def size(self, path: str) -> int:
            return len(_SAMPLE)

        def __getattr__(self, name: str) -> Any:
            if not hasattr(ftplib_class, name):
                raise AttributeError(name)
            return lambda *args, **_: (
                "213 20260101060000"
                if name == "sendcmd"
                else recorder.add("wire", "ftp", name, args[0] if args else "")
            )

    ftplib_class = ftplib.FTP
    ftplib.FTP = ftplib.FTP_TLS = Server  # type: ignore[misc, assignment]


# Clients without a wire of their own here: a recording object takes their place. Module, class, method, service.
_CLIENTS = (
    ("airflow.providers.docker.hooks.docker", "DockerHook", "get_conn", "docker"),
    ("airflow.providers.apache.kafka.hooks.base", "KafkaBaseHook", "get_conn", "kafka"),
    ("airflow.providers.apache.kafka.hooks.consume", "KafkaConsumerHook", "get_consumer", "kafka"),
    ("airflow.providers.apache.kafka.hooks.produce", "KafkaProducerHook", "get_producer", "kafka"),
    ("airflow.providers.microsoft.azure.hooks.wasb", "WasbHook", "blob_service_client", "azure blob storage"),
    ("airflow.providers.microsoft.azure.hooks.wasb", "WasbHook", "get_conn", "azure blob storage"),
    (
        "airflow.providers.microsoft.azure.hooks.data_lake",
        "AzureDataLakeStorageV2Hook",
        "service_client",
        "azure data lake",
    ),
    ("airflow.providers.microsoft.azure.hooks.data_factory", "AzureDataFactoryHook", "get_conn", "azure data factory"),
    ("airflow.providers.microsoft.azure.hooks.asb", "MessageHook", "get_conn", "azure service bus"),
    ("airflow.providers.microsoft.azure.hooks.adx", "AzureDataExplorerHook", "get_conn", "azure data explorer"),
    ("airflow.providers.microsoft.azure.hooks.cosmos", "AzureCosmosDBHook", "get_conn", "azure cosmos"),
)
_PROPERTIES = {"blob_service_client", "service_client"}


def _clients(recorder: Recorder) -> None:
    from importlib import import_module

    answers = {
        "consume": lambda *_, **__: [],
        "flush": lambda *_, **__: 0,
    }
    for module, owner, name, service in _CLIENTS:
        with contextlib.suppress(ImportError):
            hook = getattr(import_module(module), owner)
            stand_in = ClientStandIn(recorder, service, answers=answers)
            value: Any = stand_in if name in _PROPERTIES else (lambda *_, _made=stand_in, **__: _made)
            _replace_member(hook, name, lambda self, _value=value: _value)
