RECIPE = {
    "description": "Call a method of a provider's hook.",
    "decorator": "task",
    "actions": [
        "extract",
        "load",
        "query",
        "transform",
        "trigger",
        "copy",
        "delete",
        "train",
        "check",
        "notify",
    ],
    "services": [],
    "placeholders": {
        "P_HOOK_MODULE": "hook",
        "P_HOOK_CLASS": "hook",
        "P_CONNECTION_NAME": "connection_argument",
        "P_METHOD_NAME": "method",
    },
    "defaults": {"connection_argument": "conn_id"},
    "connections": {"conn_id": ""},
}


def hook_call(conn_id: str, arguments: dict | None = None, settings: dict | None = None) -> object:
    """Call the method of the hook, made with `settings`; return its result, if JSON can hold it, else as text."""
    import contextlib
    import json

    from P_HOOK_MODULE import P_HOOK_CLASS

    hook = P_HOOK_CLASS(P_CONNECTION_NAME=conn_id, **(settings or {}))
    # Some hooks connect only when they are entered.
    with hook if hasattr(hook, "__enter__") else contextlib.nullcontext():
        result = hook.P_METHOD_NAME(**(arguments or {}))
    try:
        json.dumps(result)
    except (TypeError, ValueError):
        return str(result)
    return result
