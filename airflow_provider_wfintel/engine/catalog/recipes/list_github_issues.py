RECIPE = {
    "description": "Read the issues of a GitHub repository.",
    "decorator": "task",
    "actions": ["extract", "query"],
    "services": ["github"],
    "connections": {"conn_id": "github_default"},
    "distribution": "apache-airflow-providers-github",
}


def list_github_issues(
    repository: str, conn_id: str = "github_default", state: str = "open", limit: int = 10000
) -> list[dict]:
    """Return number, title, state and address of the issues; more than `limit` is an error, since results travel as XCom."""
    from airflow.providers.github.hooks.github import GithubHook

    found = []
    for issue in GithubHook(github_conn_id=conn_id).get_conn().get_repo(repository).get_issues(state=state):
        if len(found) >= limit:
            raise ValueError(f"the repository has more than {limit} issues")
        if issue.pull_request is None:
            fields = {"number": issue.number, "title": issue.title, "state": issue.state}
            found.append({**fields, "url": issue.html_url})
    return found
