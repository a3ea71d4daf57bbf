"""Spark on a cluster of two workers gives the results of one machine, even if a worker dies."""

from __future__ import annotations

import importlib
import random
import re
import shutil
import time
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path

import pytest

import septet
from priced_messages import CARD, Messages
from septet import Segmenter, costing
from septet.costing import RateCard
from spark_cluster import ENVIRONMENT, SHORT_LIVED, Cluster

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
RATES = RateCard.read(ROOT / "examples/rates.csv")
ROWS = 200_000
GO_AFTER = 60  # seconds


@pytest.fixture(scope="session")
def cluster(request, tmp_path_factory):
    """A master and two workers."""
    missing = [name for name in ("pyspark", "pyarrow", "pandas") if not _is_installed(name)]
    if shutil.which("java") is None:
        missing.append("java")
    if missing:
        message = f"not installed: {', '.join(missing)}"
        if request.config.getoption("--require-spark"):
            pytest.fail(message)
        pytest.skip(message)
    cluster = Cluster(tmp_path_factory.mktemp("cluster"))
    try:
        cluster.start_worker()
        cluster.start_worker()
        yield cluster
    finally:
        cluster.stop()


@pytest.fixture(scope="session")
def spark(cluster):
    """A session on the cluster, with an executor on each worker."""
    from pyspark.sql import SparkSession

    with pytest.MonkeyPatch.context() as patch:
        for name, value in ENVIRONMENT.items():
            patch.setenv(name, value)
        settings = {
            "spark.driver.host": "127.0.0.1",
            "spark.driver.memory": "512m",
            "spark.driver.extraJavaOptions": SHORT_LIVED,
            "spark.executor.memory": "512m",
            "spark.executor.extraJavaOptions": SHORT_LIVED,
            "spark.ui.enabled": "false",
            "spark.ui.showConsoleProgress": "false",
            "spark.scheduler.minRegisteredResourcesRatio": "1.0",
            "spark.sql.files.maxPartitionBytes": "512k",
            "spark.sql.files.openCostInBytes": "0",
        }
        session = SparkSession.builder.master(cluster.url).config(map=settings).getOrCreate()
        gateway = session.sparkContext._gateway
        try:
            yield session
        finally:
            session.stop()
            gateway.shutdown()
            gateway.proc.stdin.close()  # the driver's JVM ends with its input
            gateway.proc.wait(30)


@pytest.fixture(scope="session")
def path(tmp_path_factory):
    """A Parquet file of messages: many row groups, and rows with every kind of fault."""
    parquet = pytest.importorskip("pyarrow.parquet")
    pa = pytest.importorskip("pyarrow")
    draw = random.Random(23038)
    not_utf8 = b"caf\xe9"
    texts, recipients = [], []
    for _ in range(ROWS):
        code = draw.randrange(10**8)
        texts.append(
            draw.choice(
                [
                    f"Your code is {code}",
                    f"Your parcel {code} is on its way. " * draw.randrange(1, 12),
                    f"[{code}] 5 € | " * draw.randrange(1, 30),
                    f"Ça va? {code} à bientôt",
                    f"Tonight: jazz at the café ’til 2 ({code})",
                    f"{code} 🎷" * draw.randrange(1, 20),
                    f"Спасибо, {code}",
                    "",
                    None,
                    not_utf8,
                ]
            )
        )
        number = "".join(draw.choices("0123456789", k=8))
        recipients.append(
            draw.choice(
                [*(f"+{prefix}{number}" for prefix in (1202, 1876, 44, 49, 33, 91, 999)), number]
                + ["", None, "+", f"0049{number}", not_utf8]
            )
        )
    path = tmp_path_factory.mktemp("lake") / "messages.parquet"
    body, phone = (pa.array(rows, pa.binary()).view(pa.string()) for rows in (texts, recipients))
    table = pa.table({"id": range(ROWS), "body": body, "phone": phone})
    parquet.write_table(table, path, row_group_size=ROWS // 16)
    return path


@pytest.fixture(scope="session")
def expected(path):
    """The estimate of the file on one machine."""
    return costing.estimate(path, text="body", to="phone", rates=RATES)


@pytest.fixture(scope="session")
def segments(path):
    """The segments of all texts of the file, as the column functions count them."""
    parquet = pytest.importorskip("pyarrow.parquet")
    return septet.count_many(parquet.read_table(path)["body"]).sum()


@pytest.fixture
def frame(spark, path):
    return spark.read.parquet(str(path))


@pytest.fixture
def frames(spark):
    """The module under test, which cannot be imported without Spark."""
    return importlib.import_module("septet.frames.spark")


def _is_installed(name):
    return importlib.util.find_spec(name) is not None


def everything(estimate):
    """Return all that an estimate holds, also the characters beyond the worst ten.

    All but where rows stand that cannot be read: a DataFrame has no row numbers.
    """
    return {
        **estimate.to_dict(),
        "unreadable": estimate.unreadable.count,
    }, estimate.non_gsm_characters


class TestColumns:
    SEGMENTERS = (
        None,
        Segmenter(reference_bits=16, languages=["turkish", "spanish"]),
        Segmenter(keep_graphemes=True, header_octets=4),
    )

    @pytest.mark.parametrize("segmenter", SEGMENTERS)
    def test_as_the_scalar_functions(self, frame, frames, segmenter):
        """Both functions give the result of the scalar function for each row, and null for null."""
        rows = (
            frame.where("body is null or is_valid_utf8(body)")
            .limit(3000)
            .select(
                "body",
                frames.segment_count("body", segmenter).alias("count"),
                frames.analyze(frame.body, segmenter).alias("analysis"),
            )
            .collect()
        )
        rules = segmenter or Segmenter()
        assert {row.body for row in rows} > {"", None}
        for row in rows:
            if row.body is None:
                assert (row["count"], row.analysis) == (None, None)
            else:
                result = rules.analyze(row.body)
                assert row["count"] == result.segment_count
                assert row.analysis.asDict() == {
                    "encoding": result.encoding,
                    "unit_count": result.unit_count,
                    "segment_count": result.segment_count,
                }

    @pytest.mark.parametrize("level", ["punctuation", "all"])
    def test_replacements(self, spark, frames, level):
        """Those of `transliterate`; wrong arguments are refused before a job runs."""
        pytest.importorskip("anyascii")
        texts = ["It’s", "Привет", None, "", "ok", "“Łódź”"]
        rows = spark.createDataFrame([(text,) for text in texts], "body string")
        replaced = rows.select("body", frames.transliterate("body", level).alias("text"))
        assert {row.body: row.text for row in replaced.collect()} == {
            text: text and septet.transliterate(text, level).text for text in texts
        }
        assert rows.select(frames.transliterate("body")).dtypes == [
            ("transliterate(body)", "string")
        ]
        with pytest.raises(ValueError, match=r"^level must be one of"):
            frames.transliterate("body", "latin")

    def test_prices(self, spark, frames):
        """The exact prices of each row, whose sums are those of the estimate."""
        messages = Messages(5_000)
        rows = zip(*messages.columns.values(), strict=True)
        schema = ", ".join(f"{name} string" for name in messages.columns)
        frame = spark.createDataFrame(list(rows), schema)
        for currency in ("USD", "EUR"):
            for bound in (None, "lowest", "highest"):
                options = {"network": "network", "currency": currency, "bound": bound}
                price = frames.price("body", CARD, to="phone", **options)
                priced = frame.select("id", price.alias("price"))
                assert dict(priced.dtypes)["price"] == "decimal(18,6)"
                found = {row.id: row.price for row in priced.collect()}
                expected = messages.column(currency, bound)
                assert found == dict(zip(messages.columns["id"], expected, strict=True))
        total = frames.estimate(frame, CARD, text="body", to="phone", network="network")
        costs = {name: (cost.lowest, cost.highest) for name, cost in total.totals.items()}
        assert costs == messages.totals()
        with pytest.raises(ValueError, match="choose one of them with currency="):
            frames.price("body", CARD, to="phone")

    def test_types(self, frame, frames):
        """The names and types of the columns are as documented."""
        columns = frame.select(frames.segment_count("body"), frames.analyze("body"))
        assert [(field.name, field.dataType.simpleString()) for field in columns.schema] == [
            ("segment_count(body)", "int"),
            ("analyze(body)", "struct<encoding:string,unit_count:int,segment_count:int>"),
        ]

    def test_large_strings(self, spark, frame, frames, segments, expected):
        """Spark's option for 64-bit offsets does not change results."""
        spark.conf.set("spark.sql.execution.arrow.useLargeVarTypes", "true")
        try:
            counted = frame.select(
                frames.segment_count("body").alias("n"), frames.analyze("body").alias("a")
            )
            sums = counted.groupBy().sum("n", "a.segment_count").first()
            estimate = frames.estimate(frame, RATES, text="body", to="phone")
        finally:
            spark.conf.unset("spark.sql.execution.arrow.useLargeVarTypes")
        assert sums[:] == (segments, segments)
        assert everything(estimate) == everything(expected)


class TestEstimate:
    def test_as_on_one_machine(self, frame, frames, expected):
        """The estimate of the cluster equals that of one machine."""
        assert frame.rdd.getNumPartitions() > 8
        result = frames.estimate(frame, RATES, text="body", to="phone")
        assert result.rows == ROWS
        assert result.unreadable.count > 0
        assert len(result.destinations) > 4
        assert len(result.unpriced) == 3
        assert everything(result) == everything(expected)

    def test_unpriced_and_by_other_rules(self, frame, frames, path):
        """Without a rate card nothing is priced; the given segmenter counts."""
        rules = Segmenter(languages=["portuguese"])
        result = frames.estimate(frame, text="body", segmenter=rules)
        assert not result.is_priced
        assert everything(result) == everything(
            costing.estimate(path, text="body", segmenter=rules)
        )

    def test_skew(self, spark, frame, frames, expected):
        """One partition with most of the rows, and many with none."""
        large = frame.where("id < 180000").coalesce(1)
        small = frame.where("id >= 180000").repartition(5)
        skewed = large.union(small).union(frame.limit(0).repartition(10))
        sizes = skewed.rdd.mapPartitions(lambda rows: [sum(1 for _ in rows)]).collect()
        assert max(sizes) == 180_000
        assert everything(frames.estimate(skewed, RATES, text="body", to="phone")) == everything(
            expected
        )

    def test_nothing(self, frame, frames):
        """A DataFrame without rows gives an estimate of no messages."""
        result = frames.estimate(frame.limit(0), RATES, text="body", to="phone")
        assert result.rows == 0
        assert result.to_dict()["cost"]["totals"] == {}

    def test_the_driver_gets_few(self, spark, frame, frames, expected):
        """The partials of many partitions are merged on the cluster."""
        context = spark.sparkContext
        context.setJobGroup("merge", "merge")
        try:
            result = frames.estimate(frame.repartition(40), RATES, text="body", to="phone")
        finally:
            context.setLocalProperty("spark.jobGroup.id", None)
        tracker = context.statusTracker()
        stages = [
            tracker.getStageInfo(stage)
            for job in tracker.getJobIdsForGroup("merge")
            for stage in tracker.getJobInfo(job).stageIds
        ]
        by_number = {stage.stageId: stage.numTasks for stage in stages if stage.numCompletedTasks}
        assert 40 in by_number.values()
        assert by_number[max(by_number)] == 1
        assert everything(result) == everything(expected)

    def test_the_card_stays_behind(self, frames):
        """A partial is as small with a card of many prefixes as with one of few."""
        prefixes = [str(prefix) for prefix in range(10**4, 10**5)]
        card = RateCard.from_rows(
            {"prefix": prefix, "price": "0.01", "currency": "EUR"} for prefix in prefixes
        )
        partial = costing.Estimate(rates=card)
        partial.add(costing.Batch(["one"], ["+1000012345"]))
        packed = frames._pack(partial).column(0)[0].as_py()
        assert len(packed) < 10_000
        restored = frames._unpack(packed)
        assert everything(restored + restored) == everything(partial + partial)
        assert (restored + restored).totals["EUR"].amount == Decimal("0.02")


class TestPage:
    def test_what_the_page_shows(self, spark, path, segments, expected, tmp_path):
        """The code of docs/spark.md, run from top to bottom, does what the page says."""
        page = (ROOT / "docs/spark.md").read_text(encoding="utf-8")
        code = "\n".join(re.findall(r"^```python\n(.*?)^```", page, re.DOTALL | re.MULTILINE))
        for shown, here in (
            ("s3a://lake/messages/", path.parent),
            ("s3a://lake/counted/", tmp_path / "counted"),
            ("rates.csv", ROOT / "examples/rates.csv"),
        ):
            assert shown in code
            code = code.replace(shown, str(here))
        names = {}
        exec(code, names)
        assert names["spark"] is spark
        assert everything(names["total"]) == everything(expected)
        sums = (
            spark.read.parquet(str(tmp_path / "counted"))
            .groupBy()
            .sum("segments", "analysis.segment_count")
        )
        assert sums.first()[:] == (segments, segments)
        assert names["unreadable"].count() == expected.unreadable.count
        assert [row.implementation for row in names["names"]] == [septet.IMPLEMENTATION]


class TestRefusals:
    def test_not_text(self, frame, frames):
        """A column of another type is refused; the error names it and its Spark type."""
        with pytest.raises(TypeError, match="column 'id' must be of type string, not bigint"):
            frames.estimate(frame, text="id")
        with pytest.raises(TypeError, match="column 'n' must be of type string, not array<string>"):
            frames.estimate(
                frame.selectExpr("body", "array(phone) as n"), RATES, text="body", to="n"
            )

    def test_rates_need_recipients(self, frame, frames):
        """Pricing without recipients is refused before Spark runs a job."""
        with pytest.raises(ValueError, match="needs the column of recipients"):
            frames.estimate(frame, RATES, text="body")

    def test_what_cannot_be_sent_as_was_asked(self, frame, frames):
        """A text that cannot be encoded fails the job; the error names the character."""
        from pyspark.errors import PythonException

        rules = Segmenter(encoding=septet.Encoding.GSM7)
        with pytest.raises(PythonException, match="is not in the GSM 7-bit alphabet"):
            frames.estimate(frame.where("id < 1000"), text="body", segmenter=rules)


class TestLoss:
    """A worker that dies during the job."""

    def test_nothing_is_lost_and_nothing_counted_twice(
        self, spark, cluster, frame, frames, expected, tmp_path
    ):
        """Its running and its finished tasks run again; the result is the same."""
        marks, go = tmp_path, tmp_path / "go"

        def hold(batches):
            """Let each worker finish two partitions, and hold it in its third until told to go."""
            from pyspark import TaskContext

            worker = next(part for part in Path.cwd().parts if part.startswith("worker-"))
            partition = TaskContext.get().partitionId()
            if len(list(marks.glob(f"{worker}.*.finished"))) == 2 and not go.exists():
                (marks / f"{worker}.{partition}.held").touch()
                deadline = time.monotonic() + GO_AFTER
                while not go.exists():
                    assert time.monotonic() < deadline
                    time.sleep(0.02)
            yield from batches
            (marks / f"{worker}.{partition}.finished").touch()

        def marked(state, worker="*"):
            return {int(path.suffixes[0][1:]) for path in marks.glob(f"{worker}.*.{state}")}

        held_back = frame.mapInArrow(hold, frame.schema)
        executors = spark.sparkContext._jsc.sc().statusStore().executorList
        lost_before = executors(False).size() - executors(True).size()
        victim = max(cluster.workers)
        with ThreadPoolExecutor(1) as pool:
            job = pool.submit(frames.estimate, held_back, RATES, text="body", to="phone")
            try:
                wait_until(lambda: len(marked("held")) == 2, job)
                wait_until(lambda: completed_tasks(spark) == 4, job)
                lost = marked("finished", victim)
                cluster.kill_worker(victim)
                wait_until(
                    lambda: executors(False).size() - executors(True).size() == lost_before + 1, job
                )
            finally:
                go.touch()
            result = job.result(GO_AFTER)
        cluster.start_worker()
        assert len(lost) == 2
        assert lost | marked("held", victim) <= marked("finished", min(cluster.workers))
        assert everything(result) == everything(expected)


def completed_tasks(spark):
    tracker = spark.sparkContext.statusTracker()
    return sum(
        tracker.getStageInfo(stage).numCompletedTasks for stage in tracker.getActiveStageIds()
    )


def wait_until(is_so, job):
    """Wait for a condition while a job runs; its failure is ours."""
    deadline = time.monotonic() + GO_AFTER
    while not is_so():
        assert time.monotonic() < deadline
        if job.done():
            job.result()
            pytest.fail("the job was over too soon")
        time.sleep(0.05)
