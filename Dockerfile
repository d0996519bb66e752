# Two stages: what is needed to install stays behind.
FROM python:3.12-slim AS build
WORKDIR /src
RUN python -m venv /venv
COPY pyproject.toml requirements.txt README.md LICENSE ./
COPY bot bot
COPY flows flows
COPY migrations migrations
COPY storage storage
# Such as [telemetry], for whoever wants traces.
ARG EXTRAS=
# The versions are the tested ones of requirements.txt; without the tools for development.
RUN /venv/bin/pip install --no-cache-dir "uv>=0.13,<0.14" \
    && /venv/bin/uv pip install --no-cache --python /venv/bin/python --constraint requirements.txt ".${EXTRAS}"

FROM python:3.12-slim
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PORT=3000 DATABASE_URL=sqlite:////data/handover.db
RUN useradd --system --uid 10001 --no-create-home handover \
    && mkdir /data && chown handover /data
COPY --from=build /venv /venv
USER handover
WORKDIR /data
VOLUME /data
EXPOSE 3000
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s CMD \
    ["python", "-c", "import os, urllib.request as u; u.urlopen(f'http://127.0.0.1:{os.environ[\"PORT\"]}/healthz', timeout=4)"]
# Migrating is a command of its own: docker run ... IMAGE migrate
ENTRYPOINT ["handover"]
CMD ["serve"]
