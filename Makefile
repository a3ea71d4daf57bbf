# Every target sets up what it needs in a virtual environment of its own, below build/.

PYTHON ?= python3
# One set for each version: another PYTHON never finds what the first one left.
ENVIRONMENTS := build/environments/$(shell $(PYTHON) -c 'import sys; print(sys.version.split()[0])')
SOURCES := pyproject.toml setup.py $(shell find src -name '*.py' -o -name '*.pyi' -o -name '*.pyx' -o -name '*.pxd' -o -name '*.h' -o -name '*.toml' -o -name '*.css' -o -name '*.html' -o -name '*.js')

.PHONY: help estimate test test-core test-spark coverage packages workflows docs mutation fuzz valgrind sanitize lint types bench clean

help:
	@echo "make estimate   build, install and estimate the sample campaign"
	@echo "make test       build, install and run the test suite on both implementations"
	@echo "make test-core  test the core, columns, octets and costing, as with PYTHON=python3.13"
	@echo "make test-spark test the Spark adapter on a cluster of this machine (needs Java 17)"
	@echo "make coverage   tell which lines of Python and Cython no test runs"
	@echo "make packages   build what a release publishes, twice, and try it as installed"
	@echo "make workflows  check what is in .github, and list the wheels that a release gets"
	@echo "make mutation   tell which changes of the core no test notices (hours)"
	@echo "make lint       check style"
	@echo "make types      check types"
	@echo "make docs       build the documentation, strictly"
	@echo "make sanitize   run the suite on the compiled twin under sanitizers (needs GCC)"
	@echo "make valgrind   run the compiled twin once over some texts under valgrind"
	@echo "make fuzz       fuzz TARGET, or everything, for SECONDS each (needs clang)"
	@echo "make bench      measure the speed of both implementations"
	@echo "make clean      remove everything that was built"

estimate: $(ENVIRONMENTS)/estimate/installed
	$(ENVIRONMENTS)/estimate/bin/septet estimate examples/campaign.csv \
		--text body --to phone --rates examples/rates.csv

# Which tests a process gets is settled while they run: some take a minute.
IN_PARALLEL := --numprocesses auto --dist worksteal

# Tests in which servers have a part, and little of the core.
SERVERS := $(patsubst tests/%,%,$(wildcard tests/bandwidth/test_*.py)) bandwidth/outbox \
	bandwidth/sandbox bandwidth/sending bandwidth/storing web

test: $(ENVIRONMENTS)/test/installed
	$(ENVIRONMENTS)/test/bin/python -m pytest $(IN_PARALLEL) --require-compiled
	SEPTET_IMPLEMENTATION=python $(ENVIRONMENTS)/test/bin/python -m pytest $(IN_PARALLEL) \
		--require-compiled --hypothesis-profile default \
		$(SERVERS:%=--ignore=tests/%)

test-core: $(ENVIRONMENTS)/core/installed
	$(ENVIRONMENTS)/core/bin/python -m pytest $(IN_PARALLEL) --require-compiled \
		--hypothesis-profile default @tests/core.txt

test-spark: $(ENVIRONMENTS)/spark/installed
	$(ENVIRONMENTS)/spark/bin/python -m pytest --require-spark tests/frames/test_spark.py

# With the same examples each time, so that no line is run by chance.
coverage: $(ENVIRONMENTS)/coverage/installed
	rm -rf build/coverage
	$(ENVIRONMENTS)/coverage/bin/coverage run -m pytest $(IN_PARALLEL) --require-compiled \
		--hypothesis-profile quick
	$(ENVIRONMENTS)/coverage/bin/coverage combine --quiet
	$(ENVIRONMENTS)/coverage/bin/coverage report
	$(ENVIRONMENTS)/coverage/bin/python tools/trace_cython.py

packages: $(ENVIRONMENTS)/packages/installed
	$(ENVIRONMENTS)/packages/bin/python tools/packages.py

workflows: export PATH := $(ENVIRONMENTS)/workflows/bin:$(PATH)
workflows: $(ENVIRONMENTS)/workflows/installed
	check-jsonschema --builtin-schema vendor.github-workflows .github/workflows/*
	check-jsonschema --builtin-schema vendor.dependabot .github/dependabot.yml
	check-jsonschema --builtin-schema vendor.github-issue-forms .github/ISSUE_TEMPLATE/*
	actionlint
	zizmor --offline --quiet .github
	for platform in linux macos windows pyodide; do \
		cibuildwheel --print-build-identifiers --platform $$platform || exit; \
	done

mutation: $(ENVIRONMENTS)/mutation/installed
	$(ENVIRONMENTS)/mutation/bin/python tools/mutate_python.py
	$(ENVIRONMENTS)/mutation/bin/python tools/mutate_c.py

lint: $(ENVIRONMENTS)/lint/installed
	$(ENVIRONMENTS)/lint/bin/ruff check
	$(ENVIRONMENTS)/lint/bin/ruff format --check
	PATH=$(ENVIRONMENTS)/lint/bin:$$PATH cython-lint src

types: $(ENVIRONMENTS)/lint/installed
	$(ENVIRONMENTS)/lint/bin/mypy
	$(ENVIRONMENTS)/lint/bin/pyright --pythonpath $(ENVIRONMENTS)/lint/bin/python
	$(ENVIRONMENTS)/lint/bin/stubtest septet._kernels._compiled septet._kernels._compiled_tally septet._kernels._compiled_wire

docs: $(ENVIRONMENTS)/docs/installed
	$(ENVIRONMENTS)/docs/bin/sphinx-build -W --keep-going -n -E -q docs build/site
	@echo "The documentation is build/site/index.html"

# Left out are tests in which servers, browsers and Java have a part, which take no sanitizer or
# stand still, and those that build: what they build has no sanitizer in it. The C++ library is
# there for pyarrow, whose exceptions the sanitizer catches on their way.
sanitize: $(ENVIRONMENTS)/sanitize/installed
	LD_PRELOAD="$$($(CC) -print-file-name=libasan.so) $$($(CC) -print-file-name=libstdc++.so)" \
		ASAN_OPTIONS=detect_leaks=0 UBSAN_OPTIONS=print_stacktrace=1 PYTHONMALLOC=malloc \
		$(ENVIRONMENTS)/sanitize/bin/python -m pytest --require-compiled -k "not in_a_browser and not postgresql" \
		$(UNSANITIZED:%=--ignore=tests/%)

UNSANITIZED := $(SERVERS) test_browser.py test_serving.py frames/test_spark.py \
	cli/bandwidth/test_receive.py cli/bandwidth/test_sandbox.py cli/bandwidth/test_send.py \
	cli/commands/test_serve.py \
	_kernels/test_memory.py _kernels/test_vector_code.py test_build.py test_fuzz.py

valgrind: $(ENVIRONMENTS)/valgrind/installed
	PYTHONPATH=tests PYTHONMALLOC=malloc valgrind --quiet --error-exitcode=1 --num-callers=20 \
		--suppressions=tests/_kernels/python.supp \
		$(ENVIRONMENTS)/valgrind/bin/python tests/_kernels/smoke.py

SECONDS := 60
fuzz: $(ENVIRONMENTS)/fuzz/installed
	$(ENVIRONMENTS)/fuzz/bin/python fuzz/run.py $(TARGET) --seconds $(SECONDS)

bench: $(ENVIRONMENTS)/bench/installed
	$(ENVIRONMENTS)/bench/bin/python -m pytest benchmarks/bench_scalar.py
	$(ENVIRONMENTS)/bench/bin/python benchmarks/ratios.py
	$(ENVIRONMENTS)/bench/bin/python benchmarks/columns.py
	$(ENVIRONMENTS)/bench/bin/python benchmarks/estimate.py
	$(ENVIRONMENTS)/bench/bin/python benchmarks/campaign.py
	$(ENVIRONMENTS)/bench/bin/python benchmarks/rates.py
	$(ENVIRONMENTS)/bench/bin/python benchmarks/frames.py

clean:
	rm -rf build dist src/septet.egg-info
	rm -f src/septet/_kernels/_compiled*.c src/septet/_kernels/_compiled*.so

$(ENVIRONMENTS)/estimate/installed: $(SOURCES)
	$(PYTHON) -m venv --clear $(@D)
	$(@D)/bin/python -m pip install --quiet --upgrade pip
	$(@D)/bin/python -m pip install --quiet '.[cli]'
	@touch $@

# What only builds or reads the project does not import it.
$(ENVIRONMENTS)/packages/installed $(ENVIRONMENTS)/workflows/installed: pyproject.toml
	$(PYTHON) -m venv --clear $(@D)
	$(@D)/bin/python -m pip install --quiet --upgrade pip
	$(@D)/bin/python -m pip install --quiet --group $(notdir $(@D))
	@touch $@

EXTRAS := all
$(ENVIRONMENTS)/core/installed: EXTRAS := arrow,graphemes,transliteration
$(ENVIRONMENTS)/spark/installed: EXTRAS := graphemes,spark

$(ENVIRONMENTS)/valgrind/installed: EXTRAS := graphemes
$(ENVIRONMENTS)/sanitize/installed: export CFLAGS := -g -fsanitize=address,undefined -fno-sanitize-recover=all

$(ENVIRONMENTS)/%/installed: $(SOURCES)
	$(PYTHON) -m venv --clear $(@D)
	$(@D)/bin/python -m pip install --quiet --upgrade pip
	SEPTET_BUILD_EXTENSION=1 $(@D)/bin/python -m pip install --quiet '.[$(EXTRAS)]' --group $*
	@touch $@
