RECIPE = {
    "description": "Hand a parameter of the DAG on with its own type, for example a list to map over.",
    "decorator": "task",
    "actions": ["none"],
    "services": ["airflow"],
}


def param_value(name: str, params=None) -> object:
    """Return the value of the parameter `name` of this run."""
    return params[name]
