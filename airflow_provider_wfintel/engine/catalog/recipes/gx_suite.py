RECIPE = {
    "description": "Validate what a statement returns against an expectation suite; data that fail it fail the task.",
    "actions": ["check"],
    "services": ["great_expectations"],
    "distribution": "great-expectations",
}


def gx_suite(suite: str, sql: str, conn_id: str, project_folder: str = "") -> int:
    """Validate the rows of `sql` against `suite` of the project in `project_folder`; return how many were expected."""
    import great_expectations as gx

    from airflow.sdk import BaseHook

    context = gx.get_context(project_root_dir=project_folder) if project_folder else gx.get_context()
    rows = BaseHook.get_hook(conn_id).get_df(sql)
    result = context.data_sources.pandas_default.read_dataframe(rows).validate(context.suites.get(suite))
    if not result.success:
        failed = [item.expectation_config.type for item in result.results if not item.success]
        raise ValueError(f"the data do not meet {suite}: {failed}")
    return len(result.results)
