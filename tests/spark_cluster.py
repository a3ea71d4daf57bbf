"""A real Spark standalone cluster on this machine: a master and workers, processes of their own."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

TIMEOUT = 60  # seconds in which a daemon must have started
SHORT_LIVED = "-XX:+UseSerialGC -XX:TieredStopAtLevel=1"  # a JVM that starts fast
ENVIRONMENT = {
    "SPARK_LOCAL_IP": "127.0.0.1",
    "SPARK_DAEMON_MEMORY": "256m",
    "SPARK_DAEMON_JAVA_OPTS": f"{SHORT_LIVED} -Dspark.master.rest.enabled=false",
    "PYSPARK_PYTHON": sys.executable,
}


class Daemon:
    """A master or a worker, and whatever it started: executors, and their Python processes."""

    def __init__(self, spark_class: Path, log: Path, ready: str, *arguments: str) -> None:
        self.log = log
        with log.open("wb") as output:
            self._process = subprocess.Popen(
                [spark_class, *arguments],
                env=os.environ | ENVIRONMENT,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        try:
            self.ready = self._wait_for(ready)
        except BaseException:
            self.kill()
            raise

    def _wait_for(self, pattern: str) -> re.Match[str]:
        deadline = time.monotonic() + TIMEOUT
        while time.monotonic() < deadline and self._process.poll() is None:
            if found := re.search(pattern, self.log.read_text(errors="replace")):
                return found
            time.sleep(0.05)
        raise RuntimeError(f"no {pattern!r}: {self.log.read_text(errors='replace')}")

    def kill(self) -> None:
        """Kill every process of it at once (signal 9), as if its machine had lost power."""
        # Python processes of an executor are a group of their own, but of the same session.
        while processes := _session(self._process.pid):
            for process in processes:
                with suppress(ProcessLookupError):
                    os.kill(process, signal.SIGKILL)
            time.sleep(0.05)
        self._process.wait()


class Cluster:
    """A master with any number of workers, each with one core."""

    def __init__(self, folder: Path) -> None:
        import pyspark

        self._folder = folder
        self._spark_class = Path(pyspark.__file__).with_name("bin") / "spark-class"
        self.workers: dict[str, Daemon] = {}
        self._count = 0
        self._master = Daemon(
            self._spark_class,
            folder / "master.log",
            r"Starting Spark master at (spark://\S+)",
            "org.apache.spark.deploy.master.Master",
            *("--host", "127.0.0.1", "--port", "0", "--webui-port", "0"),
        )
        self.url = self._master.ready[1]

    def start_worker(self) -> None:
        """Start one more worker; its executors run in `<its name>/` below the cluster's folder."""
        self._count += 1
        name = f"worker-{self._count}"
        self.workers[name] = Daemon(
            self._spark_class,
            self._folder / f"{name}.log",
            "Successfully registered with master",
            "org.apache.spark.deploy.worker.Worker",
            *("--host", "127.0.0.1", "--port", "0", "--webui-port", "0"),
            *("--cores", "1", "--memory", "1g", "--work-dir", str(self._folder / name)),
            self.url,
        )

    def kill_worker(self, name: str) -> None:
        """Kill a worker with its executor."""
        self.workers.pop(name).kill()

    def stop(self) -> None:
        """Leave nothing running."""
        for daemon in (*self.workers.values(), self._master):
            daemon.kill()


def _session(leader: int) -> list[int]:
    """Return the processes of a session that still run."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text().rpartition(") ")[2].split()
        except OSError:  # it has just ended
            continue
        if fields[0] != "Z" and int(fields[3]) == leader:
            found.append(int(folder.name))
    return found
