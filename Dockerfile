# Written where no Docker engine runs: read by a test, never built there.
FROM python:3.11-slim AS build
WORKDIR /source
COPY . .
RUN pip wheel --no-cache-dir --no-deps --wheel-dir /wheel .

FROM python:3.11-slim
RUN useradd --create-home --uid 10001 anjuan
COPY requirements.lock /home/anjuan/
RUN pip install --no-cache-dir --require-hashes --requirement /home/anjuan/requirements.lock
COPY --from=build /wheel /wheel
RUN pip install --no-cache-dir --no-deps /wheel/*.whl
USER anjuan
WORKDIR /home/anjuan
# A volume mounted here takes over this owner.
RUN mkdir -p data/blobs && mkdir -m 700 data/keys
ENV PYTHONUNBUFFERED=1 ANJUAN_HOME=/home/anjuan/data
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s \
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8000/health/live', timeout=2)"]
ENTRYPOINT ["anjuan"]
CMD ["serve", "--host", "0.0.0.0"]
