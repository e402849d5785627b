"""The one place that wires things together: settings to house, house to application."""

import os
import secrets
import tomllib
from pathlib import Path

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from opendesign import api, web
from opendesign.actions.house import House
from opendesign.actions.open_store import open_store
from opendesign.cad.__main__ import become
from opendesign.cad.engine import Engine
from opendesign.cad.options import MIB, EngineOptions, machine_memory
from opendesign.cad.shelves import open_shelf
from opendesign.cli import commands
from opendesign.core.errors import Invalid
from opendesign.core.limits import LIMITS
from opendesign.core.settings import Settings, read_settings
from opendesign.mail.post import Post
from opendesign.oidc.provider import Provider
from opendesign.queue.bell import Bell
from opendesign.queue.jobs import Queue
from opendesign.records.database import Database
from opendesign.worker.jobs import work

PACKAGE = Path(__file__).parent
# In a checkout the pages lie beside the package; a wheel carries them inside it.
TEMPLATES = next(path for path in (PACKAGE / "templates", PACKAGE.parent / "templates") if path.is_dir())


def configure() -> tuple[Settings, dict[str, str]]:
    """Returns the settings from `opendesign.toml` (here or at OPENDESIGN_CONFIG) and the environment.

    Raises Invalid for a file that is named and is not there, or is no TOML.
    """
    named = os.environ.get("OPENDESIGN_CONFIG")
    path = Path(named or "opendesign.toml")
    if not path.is_file():
        if named:
            raise Invalid(f"OPENDESIGN_CONFIG names {path}, and there is no such file.")
        return read_settings(os.environ, {})
    try:
        return read_settings(os.environ, tomllib.loads(path.read_text()))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise Invalid(f"{path} cannot be read: {error}.") from None


def engine_options(settings: Settings) -> EngineOptions:
    """Returns the engine's part of the settings, cut down to what this machine's memory can hold."""
    options = EngineOptions(
        seconds=settings.build_seconds,
        cpu_seconds=settings.build_seconds,
        memory=settings.build_memory_mb * MIB,
        output=settings.build_output_mb * MIB,
        slots=settings.engine_slots,
        insecure=settings.engine_insecure,
        # Each holds a thread of the web: a quarter of these stays free for pages, whoever drags sliders.
        interactive_places=max(2, settings.web_threads * settings.web_processes * 3 // 4),
    )
    return options.fitted(machine_memory())


def open_house(settings: Settings) -> House:
    """Opens the neighbours behind the settings; the database's schema is brought up to date."""
    settings.var.mkdir(parents=True, exist_ok=True)
    database = Database(settings.database)
    database.migrate()
    bell = Bell(settings.here / "bell")
    return House(
        settings=settings,
        limits=LIMITS,
        database=database,
        store=open_store(settings),
        shelf=open_shelf(settings),
        engine=Engine(settings.engine_socket, off=settings.engine_off),
        queue=Queue(settings.queue, bell),
        bell=bell,
        secret=secret_of(settings),
        post=Post(settings.mail_url, settings.mail_from),
        provider=provider_of(settings),
    )


def provider_of(settings: Settings) -> Provider | None:
    """Returns who else may say who somebody is; None where no provider is set."""
    if not settings.oidc_url:
        return None
    return Provider(settings.oidc_url, settings.oidc_client, settings.oidc_secret, settings.oidc_name)


def create_app(house: House | None = None) -> Flask:
    """Returns the web application over a house, by default the one the environment describes."""
    if house is None:
        settings = configure()[0]
        commands.speak(settings.log)
        house = open_house(settings)
    app = api.new_app(static_folder=None, template_folder=str(TEMPLATES))
    secure = house.settings.secure
    app.config.update(
        SECRET_KEY=house.secret,
        SESSION_COOKIE_NAME="__Host-opendesign" if secure else "opendesign",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=secure,
        PERMANENT_SESSION_LIFETIME=30 * 24 * 3600,
        WTF_CSRF_TIME_LIMIT=None,
    )
    if trusted := house.settings.proxies:
        # Whom a request is from is what the nearest proxies say, never what stands before that.
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=trusted, x_proto=trusted, x_host=0)  # type: ignore[method-assign]
    app.extensions["house"] = house
    web.register(app)
    api.register(app)
    return app


def secret_of(settings: Settings) -> str:
    """Returns the secret that signs cookies, made on first use and kept beside the database."""
    if settings.secret:
        return settings.secret
    path = settings.var / "secret"
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text()
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_hex(32))
    return path.read_text()


def main() -> None:
    """Runs the command line."""
    commands.main(obj=commands.Wires(configure, open_house, work, serve_engine, engine_options))


def serve_engine(settings: Settings) -> None:
    """Turns this process into the CAD engine, until it is told to stop."""
    become(settings.engine_socket, engine_options(settings), settings.engine_off, settings.log)
