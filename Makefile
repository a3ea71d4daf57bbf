# Every target installs what it needs into a virtual environment of its own, below build/. All
# versions come from requirements/, with hashes; `make lock` writes those files anew.

PYTHON ?= python3
# One set for each version of Python, so that they never share compiled files.
ENVIRONMENTS := build/environments/$(shell $(PYTHON) -c 'import sys; print(sys.version.split()[0])')
SOURCES := pyproject.toml setup.py $(shell find src -name '*.py' -o -name '*.pyi' -o -name '*.pyx' -o -name '*.pxd' -o -name '*.h' -o -name '*.toml' -o -name '*.css' -o -name '*.html' -o -name '*.js' -o -name '*.ts' -o -name '*.wasm')

.PHONY: help estimate browser node-packages npm-package python-sdk test test-slow test-random test-newest test-lowest test-core test-spark coverage packages release-check workflows docs links mutation fuzz valgrind sanitize lint types bench lock clean

help:
	@echo "make estimate    build, install and estimate the sample campaign"
	@echo "make npm-package write the package for npm into build/npm"
	@echo "make test        build, install and run the test suite on both implementations"
	@echo "make test-slow   run the slow tests, and property tests with many examples"
	@echo "make test-random run the property tests with new examples"
	@echo "make test-newest run the tests with the newest version of every package"
	@echo "make test-lowest run the tests with the lowest versions that pyproject.toml promises"
	@echo "make test-core   test the core, columns, octets and costing (try PYTHON=python3.13)"
	@echo "make test-spark  test the Spark adapter on a local cluster (needs Java 17)"
	@echo "make browser     build the WebAssembly module (needs clang and lld 14, as in Debian 12)"
	@echo "make node-packages install packages for Node, for tests that are skipped without them"
	@echo "make python-sdk  install an older version of Bandwidth's SDK for Python, for a test"
	@echo "make coverage    report the lines of Python and Cython that no test runs"
	@echo "make packages    build the packages of a release, twice, and test them as installed"
	@echo "make release-check  make packages, and install them from a local index on each of PYTHONS"
	@echo "make workflows   check the files for GitHub and other services, and list the wheels of a release"
	@echo "make mutation    report changes of the core that no test notices (takes hours)"
	@echo "make lint        check style"
	@echo "make types       check types"
	@echo "make docs        build the documentation, with warnings as errors"
	@echo "make links       check the links of the documentation to other sites (needs a network)"
	@echo "make sanitize    run the suite on the compiled implementation under sanitizers (needs GCC)"
	@echo "make valgrind    run the compiled implementation over some texts under valgrind"
	@echo "make fuzz        fuzz TARGET, or every target, for SECONDS each (needs clang with sanitizers)"
	@echo "make bench       measure the speed of both implementations"
	@echo "make lock        lock the development environments to the newest versions"
	@echo "make clean       remove everything that was built"

estimate: $(ENVIRONMENTS)/estimate/installed
	$(ENVIRONMENTS)/estimate/bin/septet estimate examples/campaign.csv \
		--text body --to phone --rates examples/rates.csv

# Tests take from a millisecond to a minute, so processes that are done take tests from the others.
IN_PARALLEL := --numprocesses auto --dist worksteal
# TESTS=@tests/core.txt runs a part of them.
TESTS :=
FAST := -m "not slow" --hypothesis-profile quick
THOROUGH := --hypothesis-profile thorough
# These tests use servers; their code is the same with either implementation.
ONE_IMPLEMENTATION := $(patsubst tests/%,%,$(wildcard tests/bandwidth/test_*.py)) bandwidth/outbox \
	bandwidth/receiver bandwidth/sandbox bandwidth/sending bandwidth/storing serving test_npm.py web
# Tests of both implementations have run before those of the pure-Python one.
PURE := SEPTET_IMPLEMENTATION=python
IN_PURE := $(ONE_IMPLEMENTATION:%=--ignore=tests/%) --ignore=tests/_kernels

test: $(ENVIRONMENTS)/test/installed
	$(ENVIRONMENTS)/test/bin/python -m pytest $(IN_PARALLEL) --require-compiled $(FAST) $(TESTS)
	$(PURE) $(ENVIRONMENTS)/test/bin/python -m pytest $(IN_PARALLEL) --require-compiled \
		-m "not slow and not both_implementations" --hypothesis-profile quick $(IN_PURE) $(TESTS)

test-slow: $(ENVIRONMENTS)/test/installed
	$(ENVIRONMENTS)/test/bin/python -m pytest $(IN_PARALLEL) --require-compiled \
		-m "slow or hypothesis" $(THOROUGH)
	$(PURE) $(ENVIRONMENTS)/test/bin/python -m pytest $(IN_PARALLEL) --require-compiled \
		-m "hypothesis or slow and not both_implementations or not slow and both_implementations" \
		$(THOROUGH) $(IN_PURE) \
		--ignore=tests/test_build.py --ignore=tests/test_browser.py --ignore=tests/test_freezing.py \
		--ignore=tests/costing/test_arrow_campaigns.py

test-random: $(ENVIRONMENTS)/test/installed
	$(ENVIRONMENTS)/test/bin/python -m pytest $(IN_PARALLEL) --require-compiled \
		-m hypothesis --hypothesis-profile random $(TESTS)

# What is newest changes every day, so that environment is made anew each time.
test-newest test-lowest: test-%: $(ENVIRONMENTS)/uv/installed
	$(PYTHON) -m venv --clear $(ENVIRONMENTS)/$*
	SEPTET_BUILD_EXTENSION=1 $(UV) pip install --quiet --compile-bytecode --refresh-package septet --python $(ENVIRONMENTS)/$*/bin/python \
		$(RESOLUTION) "$(PACKAGE)[all]" --group test
	$(ENVIRONMENTS)/$*/bin/python -m pytest $(IN_PARALLEL) --require-compiled $(FAST) $(TESTS)

# The newest versions build the package too.
test-newest: RESOLUTION := --upgrade --resolution highest
test-newest: PACKAGE := .
test-lowest: RESOLUTION := --resolution lowest-direct
test-lowest: PACKAGE = $$(echo $(WHEEL)/*.whl)
test-lowest: $(ENVIRONMENTS)/wheel/installed

test-core: $(ENVIRONMENTS)/core/installed
	$(ENVIRONMENTS)/core/bin/python -m pytest $(IN_PARALLEL) --require-compiled $(FAST) @tests/core.txt

test-spark: $(ENVIRONMENTS)/spark/installed
	$(ENVIRONMENTS)/spark/bin/python -m pytest --require-spark tests/frames/test_spark.py

browser: $(ENVIRONMENTS)/test/installed
	$(ENVIRONMENTS)/test/bin/python tools/build_browser.py

# The lock file has the hashes of all packages.
NODE_PACKAGES := build/node
node-packages: $(NODE_PACKAGES)/installed
$(NODE_PACKAGES)/installed: $(wildcard tests/node/package*.json)
	rm -rf $(@D)
	mkdir -p $(@D)
	cp $^ $(@D)
	npm ci --prefix $(@D) --ignore-scripts --no-audit --no-fund --silent
	@touch $@

npm-package: $(ENVIRONMENTS)/estimate/installed
	$(ENVIRONMENTS)/estimate/bin/python tools/npm_package.py

# Another major version than that of the tests, which has the packages that it needs.
PYTHON_SDK := build/python_sdk
python-sdk: $(PYTHON_SDK)/installed
$(PYTHON_SDK)/installed: tests/bandwidth/sandbox/python_sdk.txt $(ENVIRONMENTS)/uv/installed
	rm -rf $(@D)
	$(UV) pip install --quiet --python $(PYTHON) --target $(@D) --no-deps --require-hashes --requirements $<
	@touch $@

# With the same examples each time, so that no line is covered by chance.
coverage: $(ENVIRONMENTS)/coverage/installed
	rm -rf build/coverage
	$(ENVIRONMENTS)/coverage/bin/coverage run -m pytest $(IN_PARALLEL) --require-compiled \
		--hypothesis-profile quick
	$(ENVIRONMENTS)/coverage/bin/coverage combine --quiet
	$(ENVIRONMENTS)/coverage/bin/coverage report
	$(ENVIRONMENTS)/coverage/bin/python tools/trace_cython.py

packages: $(ENVIRONMENTS)/packages/installed
	$(ENVIRONMENTS)/packages/bin/python tools/packages.py $(UV)

# Every Python that septet supports, of those that the system and pyenv have.
PYTHONS ?= $(PYTHON) $(wildcard /usr/bin/python3.1[1-9] $(or $(PYENV_ROOT),$(HOME)/.pyenv)/versions/3.1[1-9].*/bin/python3)
release-check: packages
	$(ENVIRONMENTS)/packages/bin/python tools/release_check.py $(UV) $(PYTHONS)

workflows: export PATH := $(ENVIRONMENTS)/workflows/bin:$(PATH)
workflows: $(ENVIRONMENTS)/workflows/installed
	check-jsonschema --builtin-schema vendor.github-workflows .github/workflows/*
	check-jsonschema --builtin-schema vendor.dependabot .github/dependabot.yml
	check-jsonschema --builtin-schema vendor.github-issue-forms .github/ISSUE_TEMPLATE/*
	check-jsonschema --builtin-schema vendor.github-actions action.yml
	check-jsonschema --builtin-schema vendor.readthedocs .readthedocs.yaml
	check-jsonschema --builtin-schema vendor.citation-file-format --default-filetype yaml CITATION.cff
	python -c 'import sys, rattler_build; rattler_build.Stage0Recipe.from_yaml(sys.stdin.read())' < packaging/conda/recipe.yaml
	actionlint
	zizmor --offline --quiet .github
	for platform in linux macos windows pyodide; do \
		cibuildwheel --print-build-identifiers --platform $$platform || exit; \
	done
	CIBW_ARCHS=ARM64 cibuildwheel --print-build-identifiers --platform windows

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
	$(ENVIRONMENTS)/lint/bin/stubtest $(patsubst src/septet/_kernels/%.pyx,septet._kernels.%,$(wildcard src/septet/_kernels/_compiled*.pyx))

docs: $(ENVIRONMENTS)/docs/installed
	$(ENVIRONMENTS)/docs/bin/sphinx-build -W --keep-going -n -E -q docs build/site
	@echo "The documentation is build/site/index.html"

# Also the names of other projects, which docs/inventories/ lists.
links: $(ENVIRONMENTS)/docs/installed
	$(ENVIRONMENTS)/docs/bin/sphinx-build -b linkcheck -q docs build/links

# Tests with servers, browsers and Java are left out, because those do not run under the sanitizers, and so
# are tests that build, because they build without them. The sanitizer intercepts pyarrow's C++ exceptions, so
# it needs the C++ library loaded first.
sanitize: $(ENVIRONMENTS)/sanitize/installed
	grep --quiet __asan_init $(ENVIRONMENTS)/sanitize/lib/python*/site-packages/septet/_kernels/_compiled.*.so
	LD_PRELOAD="$$($(CC) -print-file-name=libasan.so) $$($(CC) -print-file-name=libstdc++.so)" \
		ASAN_OPTIONS=detect_leaks=0 UBSAN_OPTIONS=print_stacktrace=1 PYTHONMALLOC=malloc \
		$(ENVIRONMENTS)/sanitize/bin/python -m pytest --require-compiled -k "not in_a_browser and not postgresql" \
		$(UNSANITIZED:%=--ignore=tests/%)

UNSANITIZED := $(ONE_IMPLEMENTATION) test_browser.py frames/test_spark.py \
	cli/bandwidth/test_receive.py cli/bandwidth/test_sandbox.py cli/bandwidth/test_send.py \
	cli/commands/test_serve.py \
	_kernels/test_byte_order.py _kernels/test_memory.py _kernels/test_vector_code.py test_build.py test_freezing.py test_fuzz.py

valgrind: $(ENVIRONMENTS)/valgrind/installed
	PYTHONPATH=tests PYTHONMALLOC=malloc valgrind --quiet --error-exitcode=1 --num-callers=20 \
		--suppressions=tests/_kernels/python.supp \
		$(ENVIRONMENTS)/valgrind/bin/python tests/_kernels/smoke.py

SECONDS := 60
fuzz: $(ENVIRONMENTS)/fuzz/installed
	$(ENVIRONMENTS)/fuzz/bin/python fuzz/run.py $(TARGET) --seconds $(SECONDS)

bench: $(ENVIRONMENTS)/bench/installed
	$(ENVIRONMENTS)/bench/bin/python -m septet.benchmarks
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

# Spark does not support pandas 3 yet, so it has a lock of its own. The header has no command, for
# its paths and options would name this Makefile's variables and the folders of whoever ran it.
LOCK = $(UV) pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
	--no-header --no-annotate pyproject.toml
LOCKED_GROUPS := bench core coverage docs fuzz lint mutation packages sanitize test valgrind wheels workflows

lock: $(ENVIRONMENTS)/uv/installed
	$(LOCK) --extra all $(LOCKED_GROUPS:%=--group %) --output-file requirements/locked.txt
	$(LOCK) --extra spark --group spark --output-file requirements/spark.txt
	$(LOCK) --group uv --output-file requirements/uv.txt

# Installs all other packages; pip can install it alone with hashes.
UV := $(ENVIRONMENTS)/uv/bin/uv
$(ENVIRONMENTS)/uv/installed: requirements/uv.txt
	$(PYTHON) -m venv --clear $(@D)
	$(@D)/bin/python -m pip install --quiet --require-hashes --requirement $<
	@touch $@

# A lock as constraints: each environment gets a part of it.
LOCK_FILE := requirements/locked.txt
INSTALL = $(UV) pip install --quiet --compile-bytecode --refresh-package septet --python $(@D)/bin/python \
	--constraint $(LOCK_FILE) --build-constraint requirements/locked.txt

$(ENVIRONMENTS)/estimate/installed: $(SOURCES) requirements/locked.txt $(ENVIRONMENTS)/uv/installed
	$(PYTHON) -m venv --clear $(@D)
	$(INSTALL) '.[cli]'
	@touch $@

# These do not import the project.
$(ENVIRONMENTS)/packages/installed $(ENVIRONMENTS)/workflows/installed: pyproject.toml requirements/locked.txt $(ENVIRONMENTS)/uv/installed
	$(PYTHON) -m venv --clear $(@D)
	$(INSTALL) --group $(notdir $(@D))
	@touch $@

EXTRAS := all
$(ENVIRONMENTS)/core/installed: EXTRAS := arrow,transliteration
$(ENVIRONMENTS)/spark/installed: EXTRAS := spark
$(ENVIRONMENTS)/spark/installed: LOCK_FILE := requirements/spark.txt

$(ENVIRONMENTS)/valgrind/installed: EXTRAS :=

# Building takes a minute, so the environments of one Python share a wheel.
WHEEL := $(ENVIRONMENTS)/wheel
$(WHEEL)/installed: $(SOURCES) requirements/locked.txt $(ENVIRONMENTS)/uv/installed
	rm -rf $(@D)
	SEPTET_BUILD_EXTENSION=1 $(UV) build --quiet --wheel --python $(PYTHON) --out-dir $(@D) \
		--build-constraint requirements/locked.txt
	@touch $@

$(ENVIRONMENTS)/%/installed: $(WHEEL)/installed requirements/spark.txt
	$(PYTHON) -m venv --clear $(@D)
	$(INSTALL) "$$(echo $(WHEEL)/*.whl)$(EXTRAS:%=[%])" --group $*
	@touch $@

$(ENVIRONMENTS)/sanitize/installed: $(SOURCES) requirements/locked.txt $(ENVIRONMENTS)/uv/installed
	$(PYTHON) -m venv --clear $(@D)
	CFLAGS='-g -fsanitize=address,undefined -fno-sanitize-recover=all' \
		DIST_EXTRA_CONFIG=tools/sanitize.cfg SEPTET_BUILD_EXTENSION=1 \
		$(INSTALL) '.[all]' --group sanitize
	@touch $@
