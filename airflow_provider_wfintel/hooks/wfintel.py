"""Talk to an Airflow with this provider over REST: from tasks, which have no database, or from elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import requests
from airflow.sdk import BaseHook

from airflow_provider_wfintel.exceptions import RemoteError
from airflow_provider_wfintel.hooks.retrying import RetryRules, send_with_retries

if TYPE_CHECKING:
    from airflow.sdk import Connection

__all__ = ["SEVERITIES", "WfIntelHook"]

_AIRFLOW = "/api/v2"
_OWN = "/wfintel/api"
_MONITORING = f"{_OWN}/workflows/monitoring"
SEVERITIES = ("info", "warning", "error")
"""Severities of anomalies, rising."""
_PAGE = 100
"""Airflow's default for the longest page."""

_HINTS = {
    401: "see that user and password, or the token, of the connection are right and not expired",
    403: "the user of the connection lacks the permission, or the token is damaged",
    404: "see that the host is an Airflow api-server with this provider installed",
    413: "send less, or raise [wfintel] max_request_bytes on the server",
}


@dataclass(frozen=True, slots=True)
class _Target:
    """The connection, read and checked."""

    base_url: str
    login: str
    password: str
    token: str
    timeout: float
    verify: bool


class WfIntelHook(BaseHook):
    """REST client for Airflow's API v2 and for this provider's routes.

    The connection (type `wfintel`) has host, port and scheme, and either user and password, from which a token is
    got, or a token (extra field `token`, or the password field with an empty user). Without any of them the calls
    carry no credentials, which an Airflow with `simple_auth_manager_all_admins` accepts.

    Args:
        wfintel_conn_id: the connection.
        timeout: seconds to wait for a connection or for the next bytes; overrides the connection's.
        retry: how often and how patiently calls are repeated on 429, 502, 503, 504 and connection errors.
    """

    conn_name_attr = "wfintel_conn_id"
    default_conn_name = "wfintel_default"
    conn_type = "wfintel"
    hook_name = "Workflow Intelligence"

    def __init__(
        self,
        wfintel_conn_id: str = default_conn_name,
        *,
        timeout: float | None = None,
        retry: RetryRules | None = None,
    ) -> None:
        super().__init__()
        self.wfintel_conn_id = wfintel_conn_id
        self._timeout = timeout
        self._retry = retry or RetryRules()
        self._target: _Target | None = None
        self._session: requests.Session | None = None

    # -- connection ------------------------------------------------------------------------------------------

    @classmethod
    async def with_connection_of(cls, wfintel_conn_id: str, **arguments: Any) -> WfIntelHook:
        """A hook whose connection is read already, for triggers: reading it later would block their event loop."""
        hook = cls(wfintel_conn_id, **arguments)
        hook._target = _target_of(await cls.aget_connection(wfintel_conn_id), hook._timeout)
        return hook

    @property
    def base_url(self) -> str:
        """The address of the api-server, without a slash at the end."""
        return self._read_target().base_url

    def get_conn(self) -> requests.Session:
        """The session, logged in if the connection has credentials.

        Raises:
            RemoteError: the connection is incomplete or the login is refused.
        """
        if self._session is None:
            session = requests.Session()
            session.headers["Accept"] = "application/json"
            session.verify = self._read_target().verify
            self._session = session
            self._log_in()
        return self._session

    def close(self) -> None:
        """Close the network connections. The next call opens new ones."""
        if self._session is not None:
            self._session.close()
            self._session = None

    def test_connection(self) -> tuple[bool, str]:
        """What the connection form's Test button asks."""
        try:
            found = self.health()
        except RemoteError as error:
            return False, f"{error.message} ({error.hint})" if error.hint else error.message
        return True, f"workflow intelligence {found.get('version')} on Airflow {found.get('airflow_version')}"

    def _read_target(self) -> _Target:
        if self._target is None:
            self._target = _target_of(self.get_connection(self.wfintel_conn_id), self._timeout)
        return self._target

    def _log_in(self) -> None:
        target, session = self._read_target(), self._session
        assert session is not None  # noqa: S101 - only called with a session
        token = target.token
        if not token and target.login:
            session.headers.pop("Authorization", None)
            answer = self._send(
                "POST",
                "/auth/token",
                repeatable=True,
                json={"username": target.login, "password": target.password},
            )
            if not answer.ok:
                raise _remote_error(answer, "the login was refused")
            token = str(_body_of(answer).get("access_token", ""))
            if not token:
                raise RemoteError("the login answered without a token", hint="is the host an Airflow api-server?")
        if token:
            from airflow.sdk.log import mask_secret

            mask_secret(token)
            session.headers["Authorization"] = f"Bearer {token}"

    # -- calls -----------------------------------------------------------------------------------------------

    def request(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, Any] | None = None,
        json: Any = None,
        repeatable: bool | None = None,
    ) -> Any:
        """Make a call and return the decoded JSON body (None if it is empty).

        Args:
            method: HTTP method.
            path: path below the base URL, with a leading slash.
            params: query parameters.
            json: JSON body.
            repeatable: whether making the call twice does no harm; by default everything but POST and PATCH.

        Raises:
            RemoteError: no answer, an error status, or an answer that is no JSON.
        """
        twice = method.upper() not in ("POST", "PATCH") if repeatable is None else repeatable
        self.get_conn()
        answer = self._send(method, path, repeatable=twice, params=params, json=json)
        if answer.status_code == 401 and self._read_target().login:
            # The token has run out: a new login, once.
            self._log_in()
            answer = self._send(method, path, repeatable=twice, params=params, json=json)
        if answer.is_redirect:
            where = answer.headers.get("Location", "")
            raise RemoteError(
                f"{self.base_url} sends calls on to {where!r}",
                hint="put the final scheme, host and base path into the connection",
            )
        if not answer.ok:
            raise _remote_error(answer, f"{method.upper()} {path} failed")
        return _body_of(answer) if answer.content else None

    def get(self, path: str, **params: Any) -> Any:
        """GET a path of Airflow's API v2, such as `/dags`."""
        return self.request("GET", _AIRFLOW + path, params=params)

    def post(self, path: str, json: Any = None, *, repeatable: bool = False) -> Any:
        """POST to a path of Airflow's API v2, such as `/dags/{dag_id}/dagRuns`."""
        return self.request("POST", _AIRFLOW + path, json=json, repeatable=repeatable)

    def iterate(self, path: str, key: str, *, page_size: int = _PAGE, **params: Any) -> Iterator[dict[str, Any]]:
        """All items of a list of Airflow's API v2, page by page.

        Args:
            path: such as `/dags`.
            key: the field of the answer that holds the items, such as `dags`.
            page_size: items per call; the server may give fewer.
            params: further query parameters.

        Raises:
            RemoteError: see `request`.
        """
        yield from self._pages(_AIRFLOW + path, key, "total_entries", page_size, params)

    def _pages(
        self, path: str, key: str, total_key: str, page_size: int, params: Mapping[str, Any]
    ) -> Iterator[dict[str, Any]]:
        offset = 0
        while True:
            answer = self.request("GET", path, params={**params, "limit": page_size, "offset": offset})
            items = answer.get(key) if isinstance(answer, dict) else None
            if not isinstance(items, list):
                raise RemoteError(f"the answer to {path} has no list {key!r}", hint="see the API's documentation")
            yield from items
            offset += len(items)
            # The server may cap pages below what was asked for, so a short page is not the end.
            if not items or offset >= int(answer.get(total_key, 0)):
                return

    # -- this provider's routes ------------------------------------------------------------------------------

    def health(self) -> dict[str, Any]:
        """Versions, and whether the tables are there."""
        return _object(self.request("GET", f"{_OWN}/health"))

    def generate(self, text: str, *, enhanced_intelligence: bool = False, context_aware: bool = True) -> dict[str, Any]:
        """Have a description read and a DAG file written for it: spec, source, assumptions, questions and so on."""
        body = {
            "user_input": text,
            "enhanced_intelligence": enhanced_intelligence,
            "context_aware": context_aware,
        }
        return _object(self.request("POST", f"{_OWN}/workflows/automation/generate", json=body, repeatable=True))

    def validate(self, source: str) -> dict[str, Any]:
        """Have a DAG file checked without running it."""
        body = {"source": source}
        return _object(self.request("POST", f"{_OWN}/workflows/automation/validate", json=body, repeatable=True))

    def services(self, **filters: Any) -> Iterator[dict[str, Any]]:
        """All services that descriptions may name; `q`, `category` and `with_provider` narrow them."""
        return self._pages(f"{_OWN}/workflows/automation/services", "services", "total", _PAGE, filters)

    def is_healthy(self, dag_id: str, min_score: float) -> tuple[bool, str]:
        """Whether the health score of a DAG is at least `min_score`, and how it is in words."""
        found = _object(self.request("GET", f"{_MONITORING}/health", params={"dag_id": dag_id}))
        rows = [row for row in found.get("dags", ()) if row.get("dag_id") == dag_id]
        if not rows:
            return False, f"{dag_id} has no health score yet"
        score = float(rows[0]["score"])
        why = "; ".join(str(item["text"]) for item in rows[0].get("reasons", ())[:2]) if score < min_score else ""
        return score >= min_score, f"the health of {dag_id} is {score:.1f}" + (f" ({why})" if why else "")

    def has_no_anomaly(
        self, dag_id: str, *, hours: float, kinds: Sequence[str] = (), min_severity: str = "warning"
    ) -> tuple[bool, str]:
        """Whether a DAG had no anomaly within the last hours, false alarms aside, and the anomalies in words."""
        params = {"dag_id": dag_id, "days": hours / 24.0}
        found = _object(self.request("GET", f"{_MONITORING}/anomalies", params=params))
        least = SEVERITIES.index(min_severity)
        counted = [
            row
            for row in found.get("anomalies", ())
            if row.get("mark") != "false_alarm"
            and (not kinds or row.get("kind") in kinds)
            and (row.get("severity") not in SEVERITIES or SEVERITIES.index(row["severity"]) >= least)
        ]
        if not counted:
            return True, f"{dag_id} had no anomaly within {hours:g} h"
        return False, f"{dag_id} has {len(counted)} anomalies, the newest: {counted[0].get('message', '')}"

    def report(self, *, days: float = 7.0, dag_id: str = "", team: str = "") -> dict[str, Any]:
        """The performance report of the deployment, of one team or of one DAG."""
        params = {"days": days, "dag_id": dag_id, "team": team}
        return _object(self.request("GET", f"{_MONITORING}/report", params=params))

    def refit(self, dag_ids: Sequence[str] = (), *, calibration: bool = False) -> dict[str, Any]:
        """Have forecasts of DAGs (20 at most) and the calibration of health learned anew; names the known DAGs."""
        body = {"dag_ids": list(dag_ids), "calibration": calibration}
        return _object(self.request("POST", f"{_MONITORING}/refit", json=body, repeatable=True))

    def templates(self) -> list[dict[str, Any]]:
        """Descriptions to start from."""
        found = _object(self.request("GET", f"{_OWN}/workflows/automation/templates"))
        return list(found.get("templates", ()))

    def analyze_dag(
        self, dag_id: str, *, strategy: str = "performance", deadline_seconds: float | None = None
    ) -> dict[str, Any]:
        """Have a DAG analyzed. The plan is kept if the user may edit the DAG."""
        body = {"dag_id": dag_id, "strategy": strategy, "deadline_seconds": deadline_seconds}
        return _object(self.request("POST", f"{_OWN}/workflows/optimization/analyze", json=body, repeatable=True))

    def optimization_results(self, dag_id: str = "") -> list[dict[str, Any]]:
        """Plans with their figures before, predicted and measured."""
        params = {"dag_id": dag_id} if dag_id else {}
        found = _object(self.request("GET", f"{_OWN}/workflows/optimization/results", params=params))
        return list(found.get("results", ()))

    def push_event(self, event: Mapping[str, Any]) -> dict[str, Any]:
        """Tell the alerts of something that was seen, see `PushedEventBody` of the API. Pushing it twice is once."""
        path = f"{_OWN}/workflows/monitoring/alerts"
        return _object(self.request("POST", path, json=dict(event), repeatable=True))

    def _send(self, method: str, path: str, *, repeatable: bool, **arguments: Any) -> requests.Response:
        target, session = self._read_target(), self._session
        assert session is not None  # noqa: S101 - `get_conn` made it

        def send() -> requests.Response:
            # Redirects would turn a POST into a GET and may carry the token to another host.
            return session.request(
                method, target.base_url + path, timeout=target.timeout, allow_redirects=False, **arguments
            )

        try:
            return send_with_retries(send, rules=self._retry, repeatable=repeatable)
        except requests.exceptions.SSLError as error:
            raise RemoteError(
                f"the certificate of {target.base_url} is not accepted",
                hint="install the right authority, or switch off the check in the connection",
            ) from error
        except requests.Timeout as error:
            raise RemoteError(
                f"{target.base_url} did not answer within {target.timeout:g} s",
                hint="see that the api-server is up, or raise the connection's timeout",
                retryable=True,
            ) from error
        except requests.RequestException as error:
            raise RemoteError(
                f"{target.base_url} cannot be reached ({type(error).__name__})",
                hint=f"see host, port and scheme of the connection {self.wfintel_conn_id!r}",
                retryable=True,
            ) from error


def _target_of(connection: Connection, timeout: float | None) -> _Target:
    host = (connection.host or "").strip().rstrip("/")
    if not host:
        raise RemoteError(f"the connection {connection.conn_id!r} has no host", hint="fill in the host field")
    extra = connection.extra_dejson
    scheme, _, rest = host.rpartition("://")
    scheme = scheme or (connection.schema or "http")
    if scheme not in ("http", "https"):
        raise RemoteError(f"the scheme {scheme!r} is neither http nor https", hint="mend the connection")
    port = f":{connection.port}" if connection.port else ""
    name, slash, tail = rest.partition("/")
    base_path = "/".join(part for part in (tail, str(extra.get("base_path") or "").strip("/")) if part)
    login, password = connection.login or "", connection.password or ""
    return _Target(
        base_url=f"{scheme}://{name}{port}" + (f"/{base_path}" if slash or base_path else ""),
        login=login,
        password=password,
        token=str(extra.get("token") or "") or ("" if login else password),
        timeout=timeout if timeout is not None else float(extra.get("timeout") or 30),
        verify=extra.get("verify") is not False,
    )


def _remote_error(answer: requests.Response, what: str) -> RemoteError:
    """The server's own words, if it has any: ours (`error`, `hint`) or Airflow's (`detail`)."""
    try:
        body = answer.json()
    except requests.exceptions.JSONDecodeError:
        body = None
    fields = body if isinstance(body, dict) else {}
    said = fields.get("error") or fields.get("detail") or answer.reason or ""
    return RemoteError(
        f"{what}: {answer.status_code} {str(said)[:500]}".rstrip(),
        hint=str(fields.get("hint") or _HINTS.get(answer.status_code, "see the log of the api-server")),
        retryable=bool(fields.get("retryable", answer.status_code in (429, 502, 503, 504))),
        status=answer.status_code,
    )


def _body_of(answer: requests.Response) -> Any:
    try:
        return answer.json()
    except requests.exceptions.JSONDecodeError as error:
        raise RemoteError(
            f"the answer of {answer.url} is no JSON", hint="is the host an Airflow api-server?"
        ) from error


def _object(body: Any) -> dict[str, Any]:
    if not isinstance(body, dict):
        raise RemoteError("the answer is no JSON object", hint="is this provider installed on the server?")
    return body
