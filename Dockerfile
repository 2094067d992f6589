# Svodka as an image: for the workers of a pool (docs/prefect.md), or where nobody wants a Python of their own.
#   docker build -t svodka .
#   docker run --rm -v /srv/clients:/srv/clients svodka svodka run /srv/clients/romashka
# From another image with Python ≥ 3.11 and pip, of a registry of your own, say: --build-arg PYTHON=registry.example.org/python:3.12
ARG PYTHON=python:3.12-slim
FROM ${PYTHON}

WORKDIR /opt/svodka
COPY requirements.lock ./
RUN python -m pip install --quiet --disable-pip-version-check --no-cache-dir --no-deps --require-hashes -r requirements.lock

COPY LICENSE README.md pyproject.toml svodka.py ./
COPY config ./config
COPY connectors ./connectors
COPY flows ./flows
COPY transforms ./transforms
RUN python -m pip install --quiet --disable-pip-version-check --no-cache-dir --no-deps --no-build-isolation .

RUN useradd --create-home svodka
USER svodka
WORKDIR /srv/clients
# no ENTRYPOINT: a docker worker of Prefect gives its own command
CMD ["svodka", "--help"]
