"""How gunicorn serves us: it reads this file by itself when it is started in this folder."""

from core.garbage import spare_what_stays

worker_class = "gthread"
threads = 8
control_socket_disable = True


def post_worker_init(_worker: object) -> None:
    """Called by gunicorn in each of its processes, once the application is built."""
    spare_what_stays()
