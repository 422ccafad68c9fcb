"""Looks at the services behind connections: does somebody answer, is the login taken, how long does it take?

Only workers and the command line look, never the api-server: a request must not make it open connections. Nobody hands
in an address; it is that of a connection which a DAG uses, so a look reaches nothing that the DAG could not.
"""
