RECIPE = {
    "description": "Go on only if a parameter of the DAG is set, or only if it is not.",
    "decorator": "task.short_circuit",
    "actions": ["check", "branch"],
    "services": [],
}


def check_param(value: str, wanted: bool = True) -> bool:
    """Tell whether `value`, a rendered parameter, is set as `wanted`; else all below is skipped."""
    found = str(value).strip().lower() not in ("", "none", "null", "false", "0", "no", "off")
    print(f"the parameter is {value!r}")
    return found is wanted
