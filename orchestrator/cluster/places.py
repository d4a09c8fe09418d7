"""The cluster as places for guests: a target goes out as an order and comes back as evidence."""

from __future__ import annotations

import functools
import threading
import uuid
from collections.abc import Callable
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from types import TracebackType
from typing import Any

from distributed import Client
from distributed import Future as Remote
from distributed.scheduler import KilledWorker

from orchestrator import runner
from orchestrator.cluster import worker
from orchestrator.cluster.artefacts import Artefacts
from orchestrator.cluster.ledger import Ledger
from orchestrator.cluster.orders import ORDER, Order, order, task
from orchestrator.errors import InfraError
from orchestrator.model import Result, Run, Target, Verdict
from orchestrator.preparing import Parts, Work
from orchestrator.results import delivery
from orchestrator.results.delivery import ATTEMPT
from orchestrator.room import need

RESOURCES = frozenset({"memory", "cores"})  # that a guest takes of a worker; memory in MiB
_SENDERS = 4  # orders made at a time; most of their time goes into the artefacts
_KEEPERS = 4  # answers stored at a time

Entry = Callable[[bytes, str], worker.Answer | None]
Make = Callable[[Parts, Work, str, Artefacts], Order]


class Cluster:
    """Places on other machines, for as long as the context lasts."""

    def __init__(
        self,
        client: Client,
        artefacts: Artefacts,
        work: Work,
        entry: Entry = worker.run_target,
        make: Make = order,
    ) -> None:
        """``entry`` is what workers run for an order that was made; they have it installed."""
        self._client = client
        self._artefacts = artefacts
        self._work = work
        self._entry = entry
        self._make = make
        self._session = f"lab-{uuid.uuid4().hex}"
        self._task = task(work, artefacts)
        self._ledger = Ledger()
        self._out: dict[str, Remote[worker.Answer | None]] = {}  # by the order's key
        self._lock = threading.Lock()
        self._senders = ThreadPoolExecutor(_SENDERS, "send")
        self._keepers = ThreadPoolExecutor(_KEEPERS, "keep")
        self._stopping = work.stop.calls(self._interrupt)

    def __enter__(self) -> Cluster:
        self._client.subscribe_topic(self._session, self._heard)
        self._stopping.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stopping.__exit__(kind, error, trace)
        self._senders.shutdown()
        if self._client.status == "running":
            with self._lock:
                self._client.cancel(list(self._out.values()), reason="given up")  # after a bug
        self._keepers.shutdown()
        if self._client.status == "running":
            self._client.unsubscribe_topic(self._session)

    def submit(self, parts: Parts) -> Future[Run | None]:
        """Run a target somewhere. The result is None when a stop came before it."""
        done: Future[Run | None] = Future()
        self._ask(self._senders, done, functools.partial(self._send, parts, done))
        return done

    # ---- out

    def _send(self, parts: Parts, done: Future[Run | None]) -> None:
        self._work.watch.phase(str(parts.target), "sending")
        try:
            made = self._make(parts, self._work, self._task, self._artefacts)
        except InfraError as error:
            done.set_result(self._lost(parts.target, error))
            return
        self._work.watch.phase(str(parts.target), "waiting for a machine")
        self._submit(parts.target, made, done)

    def _submit(
        self, target: Target, made: Order, done: Future[Run | None], again: int = 0
    ) -> None:
        """Hand an order to the scheduler; one that was lost there goes out under another key."""
        key = f"{made.key}.{again}" if again else made.key
        with self._lock:
            if self._work.stop:
                done.set_result(None)
                return
            remote = self._client.submit(
                self._entry,
                ORDER.dump_json(made),
                self._session,
                key=key,
                resources={"memory": need(target.arch), "cores": 1},
                pure=False,
            )
            self._out[key] = remote
        settle = functools.partial(self._settle, target, made, done, again)
        remote.add_done_callback(lambda _: self._ask(self._keepers, done, settle, remote))

    # ---- back

    def _settle(
        self,
        target: Target,
        made: Order,
        done: Future[Run | None],
        again: int,
        remote: Remote[worker.Answer | None],
    ) -> None:
        """What became of an order that is out no more."""
        with self._lock:
            self._out.pop(str(remote.key), None)
        try:
            answer = remote.result()
        except KilledWorker:
            self._killed(target, made, done, again)
        except (CancelledError, OSError, TimeoutError) as error:
            done.set_result(None if self._work.stop else self._cut_off(target, error))
        else:
            remote.release()
            done.set_result(self._keep(target, answer) if answer else None)

    def _keep(self, target: Target, answer: worker.Answer) -> Run:
        attempt = ATTEMPT.validate_json(answer[0])
        try:
            run = delivery.take(
                self._work.store, self._work.plan_id, str(target), attempt, answer[1]
            )
        except InfraError as error:
            return self._untold(target, error)
        self._ledger.forget(str(target))
        self._work.watch.finished(run)
        return replace(run, boots=(), look=run.further)  # the rest is on disk

    def _killed(self, target: Target, made: Order, done: Future[Run | None], again: int) -> None:
        """Workers died that had the order. Whether they had begun with it is in the ledger: the
        scheduler counts those too that had it waiting."""
        if self._work.stop:
            done.set_result(None)
        elif self._ledger.is_hopeless(str(target), again):
            died = ", ".join(self._ledger.machines(str(target))) or "unknown"
            error = InfraError(
                f"the workers that ran it died, one after the other ({died})",
                f"the cluster's page: {self._client.dashboard_link}",
            )
            done.set_result(self._lost(target, error))
        else:
            self._submit(target, made, done, again + 1)

    def _cut_off(self, target: Target, error: BaseException) -> Run:
        cause = f"the cluster's scheduler is gone, or has dropped it: {error}"
        return self._untold(target, InfraError(cause, "dask scheduler"))

    def _lost(self, target: Target, error: InfraError) -> Run:
        """It could not be run; that is stored."""
        try:
            return runner.give_up(target, error, self._work)
        except InfraError:
            return self._untold(target, error)

    def _untold(self, target: Target, error: InfraError) -> Run:
        """The same without a word in the store: `--resume` finds nothing of it, and runs it."""
        run = runner.unstarted(target, error)
        self._work.watch.finished(run)
        return run

    # ---- meanwhile

    def _heard(self, event: tuple[float, Any]) -> None:
        """A worker's word about one attempt; called from the client's own thread."""
        _, word = event
        target, watch = word["target"], self._work.watch
        self._ledger.note(target, word["attempt"], word["host"])
        watch.phase(target, f"{word['phase']} ({word['host']})")
        for claim, verdict in self._ledger.news(target, word["results"]):
            watch.result(target, Result(claim, Verdict(verdict)))

    def _interrupt(self) -> None:
        """What has begun ends and is stored, what has not is taken back."""
        threading.Thread(target=self._end_all, name="interrupt").start()  # it asks the network

    def _end_all(self) -> None:
        with self._lock:
            out = dict(self._out)
        try:
            self._client.run(worker.interrupt, self._session, on_error="ignore")
            begun = {key for keys in self._client.processing().values() for key in keys}
            waiting = [remote for key, remote in out.items() if key not in begun]
            self._client.cancel(waiting, reason="interrupted")
        except (OSError, TimeoutError, RuntimeError):
            return  # the scheduler is gone, and its workers end with it

    @staticmethod
    def _ask(
        pool: ThreadPoolExecutor, done: Future[Run | None], what: Callable[..., None], *args: Any
    ) -> None:
        """Do it in the pool; a bug there is told to whoever waits. Nobody does, without a pool."""

        def do() -> None:
            try:
                what(*args)
            except BaseException as error:
                done.set_exception(error)

        with suppress(RuntimeError):
            pool.submit(do)
