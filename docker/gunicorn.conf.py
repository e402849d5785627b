"""How gunicorn serves the pages in a container; `opendesign run` gives the same on its command line."""

import os

bind = f"{os.environ.get('HOST', '0.0.0.0')}:{os.environ.get('PORT', '8000')}"
worker_class = "gthread"  # git answers stream for minutes: a worker must serve others meanwhile
threads = int(os.environ.get("OPENDESIGN_WEB_THREADS", "16"))
workers = int(os.environ.get("OPENDESIGN_WEB_PROCESSES", "2"))
timeout = 3600  # sync workers and short timeouts cut long clones
graceful_timeout = 10
keepalive = 20
control_socket_disable = True
