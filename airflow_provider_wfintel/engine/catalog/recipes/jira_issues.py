RECIPE = {
    "description": "Read the issues of Jira that a JQL query finds.",
    "decorator": "task",
    "actions": ["extract", "query"],
    "services": ["jira"],
    "connections": {"conn_id": "jira_default"},
    "distribution": "apache-airflow-providers-atlassian-jira",
}


def jira_issues(jql: str, conn_id: str = "jira_default", limit: int = 10000) -> list[dict]:
    """Return key, summary, status, assignee and times of the issues; more than `limit` is an error, since results travel as XCom."""
    from airflow.providers.atlassian.jira.hooks.jira import JiraHook

    client, found = JiraHook(jira_conn_id=conn_id).get_conn(), []
    while page := client.jql(jql, start=len(found), limit=100).get("issues", []):
        for issue in page:
            fields = issue["fields"]
            record = {"key": issue["key"], "summary": fields.get("summary")}
            record["status"] = (fields.get("status") or {}).get("name")
            record["assignee"] = (fields.get("assignee") or {}).get("displayName")
            found.append(record | {name: fields.get(name) for name in ("created", "updated")})
        if len(found) > limit:
            raise ValueError(f"the query finds more than {limit} issues")
    return found
