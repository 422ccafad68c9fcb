RECIPE = {
    "description": "Read records from Salesforce.",
    "decorator": "task",
    "actions": ["extract", "query"],
    "services": ["salesforce"],
    "connections": {"conn_id": "salesforce_default"},
    "distribution": "apache-airflow-providers-salesforce",
}


def query_salesforce(soql: str, conn_id: str = "salesforce_default", limit: int = 10000) -> list[dict]:
    """Return the records of the query; more than `limit` is an error, since results travel as XCom."""
    from airflow.providers.salesforce.hooks.salesforce import SalesforceHook

    found = SalesforceHook(salesforce_conn_id=conn_id).make_query(soql)["records"]
    if len(found) > limit:
        raise ValueError(f"the query returns more than {limit} records: use a transfer operator")
    return [{key: value for key, value in record.items() if key != "attributes"} for record in found]
