"""One file per command. Each has `NAME`, `HELP`, `add_arguments(parser)` and `run(args) -> exit status`.

The modules import only the standard library, so that `--help` and `airflow wfintel` stay light; what a command
needs is imported when it runs. A command raises `WfIntelError` for bad input; who calls `run` prints it.
"""
