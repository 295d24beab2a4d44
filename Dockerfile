# Sajja for production: one image for web, worker, beat and migrate (see docker-compose.yml).
FROM python:3.11-slim-bookworm AS packages
COPY requirements.txt /tmp/requirements.txt
RUN python -m venv /opt/venv \
    && /opt/venv/bin/pip install --no-cache-dir --disable-pip-version-check \
        --require-hashes --only-binary=:all: --requirement /tmp/requirements.txt

FROM python:3.11-slim-bookworm
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    SAJJA_RUN_DIR=/srv/sajja/run \
    MEDIA_ROOT=/srv/sajja/media \
    HOST=0.0.0.0 \
    PORT=8000
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin sajja \
    && install --directory --owner=sajja --group=sajja /srv/sajja/run /srv/sajja/media
COPY --from=packages /opt/venv /opt/venv
COPY . /srv/sajja/app
WORKDIR /srv/sajja/app
USER sajja
# styles and scripts are part of the image; the values name no server and no secret
RUN SECRET_KEY=only-to-collect DATABASE_URL=postgres://nowhere/none REDIS_URL=redis://nowhere \
    python manage.py collectstatic --no-input
EXPOSE 8000
CMD ["python", "-m", "gunicorn", "project.wsgi"]
