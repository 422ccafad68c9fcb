# Airflow with this package, for docker-compose.yaml and for clusters: the official image, and one installation on top.
#
#   docker build -t wfintel-airflow:0.1.0 .
#
# Pin the base image by digest in your own registry: --build-arg BASE=apache/airflow@sha256:...
ARG BASE=apache/airflow:3.3.2-python3.11
FROM ${BASE}

# Versions of Airflow and its providers stay those of the image: pip must not replace what it was tested with.
COPY --chown=airflow:0 pyproject.toml README.md LICENSE NOTICE /opt/wfintel/
COPY --chown=airflow:0 airflow_provider_wfintel /opt/wfintel/airflow_provider_wfintel
RUN pip freeze --exclude airflow-provider-wfintel | grep -iE '^apache-airflow' > /tmp/kept.txt \
    && pip install --no-cache-dir -c /tmp/kept.txt /opt/wfintel \
    && rm /tmp/kept.txt \
    && mkdir -p /opt/airflow/generated /opt/airflow/plans \
    && airflow version

# Volumes take over owner and mode of these folders; the group is 0, as OpenShift wants it.
USER airflow
