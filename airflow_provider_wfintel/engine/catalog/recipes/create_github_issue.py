RECIPE = {
    "description": "Open an issue in a GitHub repository.",
    "decorator": "task",
    "actions": ["load", "notify", "trigger"],
    "services": ["github"],
    "connections": {"conn_id": "github_default"},
    "distribution": "apache-airflow-providers-github",
}


def create_github_issue(
    repository: str, summary: str, body: str = "", conn_id: str = "github_default", value: object = None
) -> str:
    """Open the issue `summary` with the text `body`, the upstream `value` below it, and return its address."""
    from airflow.providers.github.hooks.github import GithubHook

    text = body if value is None else f"{body}\n\n{value}".strip()
    place = GithubHook(github_conn_id=conn_id).get_conn().get_repo(repository)
    return place.create_issue(summary, body=text).html_url
