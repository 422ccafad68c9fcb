RECIPE = {
    "description": "Call a function of an importable module that the words name.",
    "decorator": "task",
    "actions": ["extract", "load", "transform", "query", "check", "train", "trigger", "none"],
    "services": ["python"],
}


def call_python_callable(function: str, arguments: dict | None = None, value: object = None) -> object:
    """Call `function`, given as `package.module.name`, with `value` first if there is one; return its result."""
    import sys
    from importlib import import_module
    from operator import attrgetter

    module, _, name = function.rpartition(".")
    # Only code of your own: a description must not reach the standard library.
    if not module or module.split(".")[0] in sys.stdlib_module_names or name.startswith("_"):
        raise ValueError(f"{function!r} is no function of a package of yours")
    first = () if value is None else (value,)
    return attrgetter(name)(import_module(module))(*first, **(arguments or {}))
